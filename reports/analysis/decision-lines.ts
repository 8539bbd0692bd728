import { explainReasons } from "../decisions/explain-reason.ts";
import type { GatePolicy } from "../decisions/gate-thresholds.ts";
import { figuresOf } from "../decisions/look-figures.ts";
import { plainTable } from "../format/plain-table.ts";
import type { AnalysedCandidate, Analysis } from "./analyse-windows.ts";
import { say, sayE, sayP } from "./say.ts";

/** The specification's words and the ones that are shown. */
const SHOWN = { expand: "expand", hold: "stay lean", stop: "halted" } as const;

const POLICIES: readonly GatePolicy[] = ["literal", "standard", "strict"];

/** Power, what is still missing, the criteria and the verdicts. */
export function decisionLines(
  candidate: AnalysedCandidate,
  { gates }: Pick<Analysis, "gates">,
): readonly string[] {
  const { power, projection, projectionConservative, allocation, look, decisions } = candidate;
  const decision = decisions[gates.policy];
  const explained = explainReasons(decision.reasons, {
    look,
    figures: figuresOf(candidate),
    gates,
    backlogReadyBlocked: 0,
  });
  return [
    `power: ${say(power.power)} (cost ${say(power.powerCost)}, quality ${say(power.powerQuality)}); at the upper limit of the spread ${say(power.powerConservative)}`,
    `orders as assigned: ${sayP(allocation.p)}, ${sayE(allocation.logE)}${candidate.srmAlarm ? ": ALARM" : ""}`,
    ...criteriaTable(look.criteria).split("\n"),
    `G1 ${sayGate(decision.G1)}, G2 ${sayGate(decision.G2)} (a file knows no backlog), G3 ${sayGate(decision.G3)}`,
    `verdicts: ${POLICIES.map((policy) => `${policy} ${SHOWN[decisions[policy].verdict]}`).join(", ")}`,
    ...explained.map(
      ({ reason, explanation, moreWindows }) =>
        `- ${reason}: ${explanation}${moreWindows === null ? "" : ` ≥ ${moreWindows} more windows.`}`,
    ),
    `more windows, as things stand: ${sayMore(projection)}; at the upper limit of the spread: ${sayMore(projectionConservative)}`,
  ];
}

function sayGate(holds: boolean): string {
  return holds ? "holds" : "does not hold";
}

function sayMore(projection: AnalysedCandidate["projection"]): string {
  if (projection === null) return "n/a (no spread known)";
  const { extraWindows } = projection;
  return extraWindows === null ? "500 more pairs would not do" : `≥ ${extraWindows}`;
}

/** Every criterion as it is read literally, at this n, and at any time of looking. */
function criteriaTable(criteria: AnalysedCandidate["look"]["criteria"]): string {
  const { cost, quality, errors, latency, deterministicRegressions } = criteria;
  return plainTable([
    ["Criterion", "Literal", "Fixed-n", "Anytime", "Signs"],
    ["cost", met(cost.point), cost.fixed, cost.anytime, cost.sign],
    ["quality", met(quality.point), quality.fixed, quality.anytime, "-"],
    ["errors", met(errors.point), errors.fixed, "-", "-"],
    ["latency", met(latency.point), latency.fixed, "-", "-"],
    ["tests", met(deterministicRegressions === 0), "-", "-", "-"],
  ]);
}

function met(point: boolean): string {
  return point ? "met" : "not met";
}
