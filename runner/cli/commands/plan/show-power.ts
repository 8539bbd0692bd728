import type { PlannedQuality } from "../../../../reports/gate/plan-quality.ts";
import type { PlannedVerdicts } from "../../../../reports/gate/plan-verdicts.ts";
import { cellsOf, plainTable } from "../../../../reports/text/plain-table.ts";
import { type PlanData, SIMULATED, TYPICAL_SD } from "../../../experiment/planned/plan-data.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";

/** What the chosen tasks can show: about cost by spread, about quality, and of the gates' verdict. */
export function describePower(
  { independent_tasks: features, power, quality, verdicts }: PlanData,
  { gates }: Configuration,
  columns?: number,
): readonly string[] {
  const target = String(gates.cost_target);
  const assumed = String(power[0]?.assumedRatio ?? "");
  return [
    `What ${sayTasks(features)} can show, by the spread of the log cost ratios (SD):`,
    plainTable(
      cellsOf(power, {
        SPREAD: ({ sd }) => String(sd),
        "95 % CI WIDTH": ({ ciWidth }) => sayNumber(ciWidth),
        [`POWER AT ${target}`]: (row) => sayNumber(row.power),
        "SMALLEST RATIO FOUND": ({ detectableRatio }) => sayNumber(detectableRatio),
        [`WINDOWS NEEDED AT ${assumed}`]: ({ windowsForGates: windows }) =>
          windows === null ? "more than 1000" : `≥ ${String(windows)}`,
      }),
      { columns },
    ),
    ...describeQuality(quality, { power: gates.power_min, kept: gates.quality_min }),
    "",
    `The gates' answer after these tasks at a spread of ${String(TYPICAL_SD)}, if only cost differs`,
    `(${String(SIMULATED)} simulated experiments for each true ratio):`,
    plainTable(
      cellsOf<PlannedVerdicts>(verdicts, {
        "TRUE RATIO": ({ ratio }) => String(ratio),
        "ADD ONE SEAT": ({ addOneSeat }) => sayChance(addOneSeat.rate),
        [`STAY LEAN, BELOW ${target}`]: ({ stayLean }) => sayChance(stayLean.rate),
        "STAY LEAN, UNDECIDED": ({ undecided }) => sayChance(undecided.rate),
      }),
      { columns },
    ),
    ...(gates.policy === "strict"
      ? ["The policy strict asks for more, so its chance to add a seat is lower."]
      : []),
  ];
}

function describeQuality(
  { detectableDrop, featuresToConfirm, confirmable }: PlannedQuality,
  { power, kept }: { readonly power: number; readonly kept: number },
): readonly string[] {
  const share = sayPercent(kept);
  const needed = featuresToConfirm === null ? "more than 500" : String(featuresToConfirm);
  return [
    detectableDrop === null
      ? "Quality: too few tasks to find any drop."
      : `Quality: a drop of ${sayPercent(detectableDrop)} or more is found with ${sayPercent(power)} chance.`,
    confirmable
      ? `At least ${share} of the baseline's quality can be confirmed.`
      : `At least ${share} of the baseline's quality can't be confirmed: that needs ${needed} tasks.`,
  ];
}

function sayTasks(count: number): string {
  return count === 1 ? "1 independent task" : `${String(count)} independent tasks`;
}

function sayNumber(value: number | null): string {
  return value?.toFixed(2) ?? "n/a";
}

function sayPercent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}

/** A chance that was 0 or 1 in the simulation is only near that. */
function sayChance(rate: number): string {
  if (rate < 1 / SIMULATED) return "< 0.1 %";
  if (rate > 1 - 1 / SIMULATED) return "> 99.9 %";
  return `${(rate * 100).toFixed(1)} %`;
}
