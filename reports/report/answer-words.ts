import type { AnswerFacts, AnswerInput, Half, Judged, Need } from "../answer/answer-input.ts";
import { countNoun, formatCount, say, sayInterval } from "../text/number-text.ts";

const UNKNOWN = "can't tell yet";

/** The whole answer in one sentence. */
export function saySentence(judged: Judged): string {
  const { baseline, candidate } = judged.input.data;
  if (judged.input.facts.isAgainstItself) return sayAgainstItself(judged);
  return `Is ${candidate} cheaper than ${baseline}, and as good? ${sayVerdict(judged)}.`;
}

function sayVerdict(judged: Judged): string {
  const { verdict, cheaper, asGood, input, need } = judged;
  if (need !== null) return `Can't tell yet: ${sayNeed(need, judged)}`;
  if (verdict === "yes") return `Yes${sayReservation(input)}`;
  const against = [
    ...(cheaper.verdict === "no" ? ["it costs more"] : []),
    ...(asGood.verdict === "no" ? ["it is not as good"] : []),
  ];
  return `No, ${against.join(" and ")}`;
}

function sayReservation({ facts, data }: AnswerInput): string {
  return facts.regressions === 0 ? "" : `, but ${sayFailures(facts, data)}`;
}

/** Tests that fail only with one provider, in both directions. */
export function sayFailures(
  { regressions, gains }: Pick<AnswerFacts, "regressions" | "gains">,
  { baseline, candidate }: Pick<AnswerInput["data"], "baseline" | "candidate">,
): string {
  const verb = regressions === 1 ? "fails" : "fail";
  const others = gains === 0 ? "" : `, ${gains} only with ${baseline}`;
  return `${countNoun(regressions, "test")} ${verb} only with ${candidate}${others}`;
}

export const MIN_TASKS = 3;
/** As far as statistics look ahead. */
export const MOST = 500;

function sayNeed(need: Need, judged: Judged): string {
  const { facts } = judged.input;
  if (need === "more tasks") return sayMore(judged);
  if (need === "larger difference") return `${countUnits(facts, MOST, "more")} would not be enough`;
  return NEEDS[need];
}

const NEEDS: Readonly<Record<Exclude<Need, "more tasks" | "larger difference">, string>> = {
  "comparable costs": "their costs can't be compared",
  "trusted data": "the data can't be trusted",
  "possible values": "a window has an impossible value",
  "complete tasks": "no task is complete with both",
  "solved tasks": "neither solved a task",
  "known costs": "not every cost is known",
  "no doubt": "a doubt about the figures remains",
  spread: `at least ${MIN_TASKS} tasks are needed, in both orders`,
};

function sayMore({ input: { facts }, more }: Judged): string {
  const amount = sayAmount(facts, more);
  const tasks = more.tasks ?? 0;
  const needed = `about ${countUnits(facts, tasks, "more")} ${tasks === 1 ? "is" : "are"} needed`;
  return amount === null ? needed : `${needed} (about ${amount})`;
}

/** `8 tasks`, `1 more family of tasks`. */
export function countUnits({ unit }: AnswerFacts, count: number, more?: "more"): string {
  const number = more === undefined ? String(count) : `${count} more`;
  if (unit === "task") return `${number} task${count === 1 ? "" : "s"}`;
  return `${number} ${count === 1 ? "family" : "families"} of tasks`;
}

function sayAmount({ isManual }: AnswerFacts, { usd, tokens }: Judged["more"]): string | null {
  if (usd !== null) return sayUsd(usd);
  return tokens === null || isManual ? null : `${sayTokens(tokens)} tokens`;
}

const MILLION = 1_000_000;

function sayTokens(tokens: number): string {
  if (tokens >= MILLION) return `${Number((tokens / MILLION).toPrecision(2))} million`;
  return formatCount(Number(tokens.toPrecision(2)));
}

const WHOLE_USD = 10;

/** Dollars as people say them: $12, $3.40, $0.0021. */
export function sayUsd(usd: number): string {
  if (usd >= WHOLE_USD) return `$${formatCount(usd)}`;
  return usd >= 1 || usd === 0 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;
}

function sayAgainstItself({ input, found, cheaper }: Judged): string {
  const { baseline, candidate } = input.data;
  const said =
    found.cost.interval === null
      ? "too few tasks to find a difference in cost"
      : cheaper.shown === "unknown"
        ? "no difference in cost is found, as it should be"
        : "a difference in cost is found, and chance made it";
  return `${candidate} is ${baseline} under another name: ${said}.`;
}

/** How often an answer like this is wrong. */
export function sayHowSure({ need, input }: Judged): string {
  const share = `${Number((100 * input.alpha).toPrecision(2))} in 100`;
  if (input.facts.isAgainstItself) {
    return `Chance shows a difference in at most ${share} such runs, however often you look.`;
  }
  if (need === null) return `At most ${share} answers like this are wrong, however often you look.`;
  const rule = `An answer is given only if fewer than ${share} would be wrong.`;
  return WEAK.has(need) ? `The evidence is too weak. ${rule}` : rule;
}

/** More evidence would meet these; the others are about what the evidence is. */
const WEAK: ReadonlySet<Need> = new Set([
  "complete tasks",
  "more tasks",
  "spread",
  "larger difference",
]);

/** By how much the candidate is cheaper. */
export function sayCost({ input, found, level, cheaper }: Judged): string {
  const { facts, data } = input;
  const { ratio, interval } = found.cost;
  if (!facts.isComparable)
    return "Cheaper: can't tell. There is no ratio of costs that mean different things.";
  const ratioText = `The cost ratio ${data.baseline} ÷ ${data.candidate}`;
  if (ratio === null) return `Cheaper: ${UNKNOWN}. ${ratioText} is n/a: no complete task.`;
  const kind = { name: `${percent(level)} % CS`, validity: "anytime-valid" } as const;
  const limits =
    interval === null
      ? `no interval yet: ${found.cost.hasSpread ? "too few tasks" : "tasks in both orders are needed"}`
      : sayInterval(interval, kind).slice(1, -1);
  const bound = facts.isCapped ? " A cost is a lower bound." : "";
  return `${label("Cheaper", cheaper)}. ${ratioText} is ${say(ratio)} (${limits}).${bound}`;
}

/** Whether the candidate is as good. */
export function sayQuality({ input, found, level, asGood }: Judged): string {
  const { data, qualityMin } = input;
  const { units, ratio, lower, upper } = found.quality;
  if (units === 0) return `As good: ${UNKNOWN}. No complete task has a quality.`;
  const kept =
    ratio === null
      ? `${data.baseline} scores 0`
      : `${data.candidate} has ${say(ratio)} of ${data.baseline}'s quality`;
  const bound = asGood.shown === "no" ? `at most ${say(upper)}` : `at least ${say(lower)}`;
  return `${label("As good", asGood)}. ${kept}, ${bound} (${percent(level)} % one-sided, anytime-valid); ${qualityMin} is required.`;
}

function label(question: string, { verdict }: Half): string {
  return `${question}: ${verdict === "unknown" ? UNKNOWN : verdict}`;
}

function percent(level: number): string {
  return String(Number((100 * level).toPrecision(4)));
}
