import { countNoun, formatCount, say, sayInterval } from "../text/number-text.ts";
import type { AnswerFacts, AnswerInput, Half, Judged } from "./answer-input.ts";

interface More {
  readonly more_usd: number | null;
  readonly more_tokens: number | null;
}

const UNKNOWN = "can't tell yet";

/** The whole answer in one sentence. */
export function saySentence(judged: Judged, more: More): string {
  const { baseline, candidate } = judged.input.data;
  if (judged.input.facts.isAgainstItself) return sayAgainstItself(judged);
  return `${candidate} is cheaper than ${baseline} and as good: ${sayVerdict(judged, more)}.`;
}

function sayVerdict(judged: Judged, more: More): string {
  const { verdict, cheaper, asGood, input } = judged;
  if (verdict === "yes") return `yes${sayReservation(input)}`;
  if (verdict === "unknown") return `${UNKNOWN} (${sayNeed(judged, more)})`;
  const against = [
    ...(cheaper.verdict === "no" ? ["it costs more"] : []),
    ...(asGood.verdict === "no" ? ["it is not as good"] : []),
  ];
  return `no, ${against.join(" and ")}`;
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

/** Names what is needed, in a few words. */
function sayNeed(judged: Judged, more: More): string {
  const { input, found, moreTasks, doubts } = judged;
  const { facts } = input;
  if (!facts.isComparable) return "their costs can't be compared";
  if (found.problem !== null) return "a window has an impossible value";
  if (found.units === 0) return "no task is complete with both";
  if (facts.distrust.length > 0) return "the data can't be trusted";
  if (found.quality.isNothing) return "neither solved a task";
  if (moreTasks !== null) return `needs about ${sayTasks(judged, more)}`;
  if (doubts.length > 0) return "a doubt about the figures remains";
  if (!found.cost.hasSpread) return `needs at least ${MIN_TASKS} tasks, in both orders`;
  return `${countUnits(judged, MOST)} more would not be enough`;
}

const MIN_TASKS = 3;
const MOST = 500;

function sayTasks(judged: Judged, more: More): string {
  const amount = sayAmount(judged, more);
  const tasks = countUnits(judged, judged.moreTasks ?? 0).replace(" ", " more ");
  return amount === null ? tasks : `${tasks}, about ${amount}`;
}

function countUnits({ input }: Judged, count: number): string {
  if (input.facts.unit === "task") return countNoun(count, "task");
  return count === 1 ? "1 family of tasks" : `${count} families of tasks`;
}

function sayAmount({ input }: Judged, { more_usd, more_tokens }: More): string | null {
  if (more_usd !== null) return sayUsd(more_usd);
  if (more_tokens === null || input.facts.isManual) return null;
  return `${sayTokens(more_tokens)} tokens`;
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
export function sayHowSure({ verdict, input }: Judged): string {
  const share = `${Number((100 * input.alpha).toPrecision(2))} of 100`;
  if (input.facts.isAgainstItself) {
    return `Chance shows a difference in at most ${share} such runs, however often you look.`;
  }
  return verdict === "unknown"
    ? `Not sure enough yet: at most ${share} such answers may be wrong.`
    : `At most ${share} answers like this are wrong, however often you look.`;
}

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
  return `${label("Cheaper", cheaper)}. ${ratioText} is ${say(ratio)} (${limits}).`;
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

/** What to do next. */
export function sayToDecide(judged: Judged): string {
  const { input, verdict, found, moreTasks, doubts } = judged;
  const { facts } = input;
  if (facts.isAgainstItself) return "Nothing: compare the baseline with another provider next.";
  if (verdict !== "unknown") return "Nothing: more tasks only make the interval narrower.";
  if (!facts.isComparable) return COMPARABLE[facts.measure === "meter" ? "meter" : "tokens"];
  if (facts.distrust.length > 0) return "Find out what is wrong, and register another experiment.";
  const rest = sayRest(facts);
  if (rest !== null) return rest;
  if (found.quality.isNothing) return facts.isManual ? EASIER : CHECK_TASKS;
  if (moreTasks !== null) return sayAdd(judged, `Add about ${countUnits(judged, moreTasks)}`);
  if (doubts.length > 0) return "Remove the doubt, then run again: see what is missing or wrong.";
  if (!found.cost.hasSpread) return sayAdd(judged, `Add tasks until ${MIN_TASKS} are complete`);
  return `Stop here, or change the question: the difference is too small for ${MOST} more tasks.`;
}

const COMPARABLE = {
  tokens: "Give every model a price, so that dollars are compared: experiment prices list",
  meter: "Measure windows of one plan and limit, or give each plan a price.",
};

const WORK_AGAIN = "Work the windows again with a larger budget";
const CHECK_TASKS = "See whether the tasks can be solved: experiment task check";
const EASIER = "Choose easier tasks.";

/** Null if no window lacks anything. */
function sayRest(facts: AnswerFacts): string | null {
  if (facts.openTasks > 0) return sayContinue(facts);
  return facts.isBudgetSpent === true ? `${WORK_AGAIN}: ${facts.command} --retry-missing` : null;
}

function sayContinue(facts: AnswerFacts): string {
  const { isManual, openTasks, command, isBudgetSpent = false } = facts;
  const left = `${isBudgetSpent ? "with a larger budget " : ""}(${countNoun(openTasks, "task")} to go)`;
  return isManual
    ? `Complete the windows that are open ${left}.`
    : `Continue ${left}: ${command} --resume`;
}

/** The rehearsal always has the same tasks. */
const OWN_QUESTION = "The rehearsal ends here. Compare your own agents: experiment init";

function sayAdd({ input: { facts } }: Judged, what: string): string {
  if (facts.isRehearsal) return OWN_QUESTION;
  return facts.isManual
    ? `${what}: work each with both providers`
    : `${what} (experiment task import makes some), then: ${facts.extendCommand}`;
}
