import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import type { MachineState } from "../../ledger/domain/resources.ts";
import type { AnomalyFact, FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";
import { typeSevenQuantile } from "../statistics/core/quantile.ts";
import { unequalAction } from "../text/anomaly-action.ts";
import { groupSorted } from "./group-sorted.ts";

/** Below this number of windows of an arm, its median is chance. */
const WINDOWS_MIN = 5;
const SHARE_MAX = 0.25;
const GIB = 1024 ** 3;

const MEDIAN = 0.5;

type Worked = FinalizedFact & { readonly resources: NonNullable<FinalizedFact["resources"]> };

/** The machine while one provider's valid windows were worked: medians over its windows. */
export interface ArmConditions {
  readonly provider: string;
  readonly windows: readonly Worked[];
  readonly load: number | null;
  readonly free_memory_bytes: number | null;
  readonly cpu_pressure: number | null;
}

/** The conditions of every provider that has windows with a record of them. */
export function armConditions(view: ExperimentView): readonly ArmConditions[] {
  const worked = finalizedWindows(view).filter(isWorked);
  return groupSorted(worked, ({ provider }) => provider).map(([provider, windows]) => ({
    provider,
    windows,
    load: medianOf(windows, ({ load_1m }) => load_1m),
    free_memory_bytes: medianOf(windows, (state) => state.free_memory_bytes),
    cpu_pressure: medianOf(windows, ({ cpu_pressure }) => cpu_pressure),
  }));
}

function isWorked(final: FinalizedFact): final is Worked {
  return final.resources !== undefined && isValidOutcome(final.outcome);
}

/** A window has the mean of its start and its end. */
function medianOf(
  windows: readonly Worked[],
  read: (state: MachineState) => number | null,
): number | null {
  const values = windows.flatMap(({ resources: { start, end } }) => {
    const [first, last] = [read(start), read(end)];
    return first === null || last === null ? [] : [(first + last) / 2];
  });
  return typeSevenQuantile(values, MEDIAN);
}

interface Compared {
  readonly name: string;
  readonly read: (arm: ArmConditions) => number | null;
  readonly say: (value: number) => string;
  /** Whether a difference can matter: an idle machine is idle for all. */
  readonly matters: (values: readonly number[], cpus: number) => boolean;
}

const COMPARED: readonly Compared[] = [
  {
    name: "load",
    read: ({ load }) => load,
    say: (value) => value.toFixed(2),
    matters: (values, cpus) => Math.max(...values) > cpus / 2,
  },
  {
    name: "free memory",
    read: (arm) => arm.free_memory_bytes,
    say: (value) => `${(value / GIB).toFixed(2)} GiB`,
    matters: (values) => Math.min(...values) < 4 * GIB,
  },
  {
    name: "CPU pressure",
    read: (arm) => arm.cpu_pressure,
    say: (value) => `${value.toFixed(1)} %`,
    matters: (values) => Math.max(...values) > 10,
  },
];

/** An anomaly for each measure of the machine whose medians differ by more than a quarter between arms. */
export function unequalConditions(view: ExperimentView): readonly AnomalyFact[] {
  const arms = armConditions(view).filter(({ windows }) => windows.length >= WINDOWS_MIN);
  if (arms.length < 2) return [];
  const all = arms.flatMap(({ windows }) => windows);
  const cpus = Math.max(...all.map(({ resources }) => resources.start.cpus));
  const recorded_at =
    all
      .map((one) => one.recorded_at)
      .toSorted()
      .at(-1) ?? "";
  return COMPARED.flatMap(({ name, read, say, matters }): readonly AnomalyFact[] => {
    const medians = arms.flatMap((arm) => {
      const value = read(arm);
      return value === null ? [] : [{ provider: arm.provider, value }];
    });
    const values = medians.map(({ value }) => value);
    const isEqual = Math.min(...values) >= Math.max(...values) * (1 - SHARE_MAX);
    if (medians.length < 2 || isEqual || !matters(values, cpus)) return [];
    const said = medians.map(({ provider, value }) => ({ provider, median: say(value) }));
    return [
      {
        kind: "anomaly",
        id: `unequal-conditions:${name}`,
        name: "unequal-conditions",
        seq: 0,
        recorded_at,
        touches: all.map(({ window }) => window).toSorted(),
        action: unequalAction(name, said),
        window: undefined,
        provider: undefined,
      },
    ];
  });
}
