import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { armConditions } from "../evidence/unequal-conditions.ts";
import type { Conditions } from "./condition-data.ts";

/** The limits on agents and how busy the machine was, for the providers whose windows recorded it. */
export function describeConditions(view: ExperimentView): Conditions {
  const arms = armConditions(view);
  const limits = arms.flatMap(({ windows }) =>
    windows.flatMap(({ resources }) => resources.limits),
  );
  return {
    limits: groupSorted(limits, (one) => JSON.stringify(one)).flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const { resource, limit, enforced_by } = first;
      return [{ resource, limit, enforced_by, windows: 1 + others.length }];
    }),
    providers: arms.map(({ provider, windows, load, free_memory_bytes, cpu_pressure }) => ({
      provider,
      windows: windows.length,
      load_1m: load,
      free_memory_bytes,
      cpu_pressure,
    })),
  };
}
