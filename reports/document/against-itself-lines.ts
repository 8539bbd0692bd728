import type { AgainstItself } from "../report/comparison-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { formatFixed, NOT_AVAILABLE, say } from "../text/number-text.ts";

export const AGAINST_ITSELF_TITLE = "What this set-up calls a difference";

/** A line for each figure of a comparison of the baseline with itself; none for other experiments. */
export function againstItselfLines({
  against_itself: found,
}: Pick<ReportData, "against_itself">): readonly string[] {
  if (found === null) return [];
  return [
    "Both arms are the same configuration, so every difference is chance.",
    ...found.figures.map(sayFigure),
    sayPower(found),
    sayVerdicts(found),
  ];
}

function sayFigure(one: AgainstItself["figures"][number]): string {
  const { figure, value, lower, upper, level, is_different: isDifferent } = one;
  if (isDifferent === null) return `${figure}: ${say(value)}, no interval yet`;
  const chance = `chance does this in ${String(100 - level)} of 100 such experiments`;
  const verdict = isDifferent ? `it would be called a difference; ${chance}` : "no difference";
  return `${figure}: ${say(value)} (${level} % CI ${say(lower)} to ${say(upper)}, fixed-n): ${verdict}`;
}

function sayPower({
  smallest_ratio: smallest,
  power_min,
  cost_target,
  power,
}: AgainstItself): string {
  const percent = formatFixed(100 * power_min, 0);
  const found =
    smallest === null
      ? `The smallest cost ratio that is found with a power of ${percent} % is not known yet.`
      : `A true cost ratio of ${say(smallest)} or more is found with a power of at least ${percent} %.`;
  return `${found} Power at the gates' target of ${say(cost_target)}: ${power === null ? NOT_AVAILABLE : formatFixed(power, 3)}.`;
}

function sayVerdicts({ verdicts }: AgainstItself): string {
  if (verdicts === null) return "The gate has not looked yet.";
  const said = Object.entries(verdicts).map(([policy, verdict]) => `${policy} ${verdict}`);
  const isWrong = Object.values(verdicts).includes("expand");
  return `The gate says: ${said.join(", ")}. ${isWrong ? "Expanding is wrong here." : "Staying lean is right here."}`;
}
