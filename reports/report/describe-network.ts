import { sum } from "simple-statistics";

import { latestOf } from "../../ledger/views/experiment-fact.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import type { Connection, Network } from "./traffic-data.ts";

/** What agents reached besides their models, and what they asked for in vain, in all attempts. */
export function describeNetwork({ view, registration, windows }: Evidence): Network {
  const { network, tasks } = registration;
  const ofTasks = tasks.flatMap((task) => task.network.allow);
  const allowed = [...new Set([...(typeof network === "string" ? [] : network.allow), ...ofTasks])];
  const held = windows.flatMap(({ final }) => final?.network ?? []);
  const unlimited = held.filter((one) => one === "unlimited").length;
  const attempts = [...view.windows.values()].flatMap(attemptsOf);
  return {
    mode: network === "open" ? "open" : allowed.length === 0 ? "closed" : "allowed-hosts",
    allowed,
    unlimited_windows: unlimited,
    counted_windows: held.length - unlimited,
    blocked: sumByHost([...view.blockedConnections.values()]).map(([of, own]) => ({
      ...of,
      count: sum(own.map(({ count }) => count)),
    })),
    tunnelled: sumByHost([...view.tunnelledConnections.values()]).map(([of, own]) => ({
      ...of,
      count: sum(own.map(({ count }) => count)),
      bytes_sent: sum(own.map((row) => row.bytes_sent)),
      bytes_received: sum(own.map((row) => row.bytes_received)),
    })),
    unknown_attempts: attempts.filter(isUncounted).length,
  };
}

/** An attempt writes its counts when it ends. */
function isUncounted({ opened, interrupted, finalized }: AttemptView): boolean {
  const end = latestOf(finalized) ?? latestOf(interrupted);
  return end === undefined ? opened.length > 0 : end.is_recovered === true;
}

type Named = Pick<Connection, "provider" | "host" | "port">;

function sumByHost<Row extends Named>(
  rows: readonly Row[],
): readonly (readonly [Named, readonly Row[]])[] {
  const keyOf = ({ provider, host, port }: Row) => JSON.stringify([provider, host, port]);
  return groupSorted(rows, keyOf).flatMap(([, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const { provider, host, port } = first;
    return [[{ provider, host, port }, own] as const];
  });
}
