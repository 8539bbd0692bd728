import { type Arbitrary, constantFrom, integer, nat, option, record } from "fast-check";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { Row } from "../../domain/row.ts";
import type { Filed } from "./sample-ledger.ts";
import {
  anomaly,
  type Cell,
  debited,
  finalized,
  interrupted,
  opened,
  requested,
  undone,
} from "./sample-rows.ts";
import { stampRow } from "./stamp-row.ts";

/** The attempts that random rows belong to. */
export const CELLS: readonly Cell[] = [
  { window: "W0-01", provider: "base", feature_id: "cache", period: 1 },
  { window: "W0-01", provider: "base", feature_id: "cache", period: 1, attempt: 2 },
  { window: "W0-02", provider: "cand", feature_id: "cache", period: 2 },
  { window: "W0-03", provider: "base", feature_id: "queue", period: 1 },
];

/** What a random row is, and which earlier row it speaks against, if any. */
export const step = record({
  cell: constantFrom(...CELLS),
  kind: constantFrom(
    "opened",
    "interrupted",
    "finalized",
    "requested",
    "debited",
    "anomaly",
    "undone",
  ),
  tokens: integer({ min: 1, max: 1000 }),
  against: option(nat(), { freq: 2 }),
});
type Step = typeof step extends Arbitrary<infer Value> ? Value : never;

/** A row, its file, and the row that it speaks against. */
export interface History {
  readonly file: LedgerFile;
  readonly row: Row;
  readonly target: string | undefined;
}

/** The steps as rows of a ledger; `undone` with nothing before it is left out. */
export function historyOf(steps: readonly Step[]): readonly History[] {
  const history: History[] = [];
  const seqs = new Map<LedgerFile, number>();
  for (const { cell, kind, tokens, against } of steps) {
    const target = against === null ? undefined : history[against % (history.length || 1)];
    if (kind === "undone" && target === undefined) continue;
    const [file, row] = rowOf({ cell, kind, tokens, against }, target);
    const seq = (seqs.get(file) ?? 0) + 1;
    seqs.set(file, seq);
    const correction =
      kind === "undone" || target?.row.record !== row.record ? {} : { supersedes: target.row.id };
    const targetId = kind === "undone" ? target?.row.id : correction.supersedes;
    const stamped = stampRow({ ...row, ...correction }, { seq, id: idOf(history.length) });
    history.push({ file, row: stamped, target: targetId });
  }
  return history;
}

/** UUIDs, as the store makes them, and now and then an id of another kind. */
function idOf(index: number): string {
  return index % 5 === 4
    ? `row-${index}`
    : `01a1fdc6-65e3-7030-b15b-${String(index).padStart(12, "0")}`;
}

function rowOf({ cell, kind, tokens }: Step, target: History | undefined): Filed {
  switch (kind) {
    case "opened":
      return ["windows", opened(cell)];
    case "interrupted":
      return ["windows", interrupted(cell, tokens)];
    case "finalized":
      return ["windows", finalized(cell, tokens)];
    case "requested":
      return [
        "proxy_telemetry",
        requested(cell, { usage: { input_uncached: tokens, requests: 1 } }),
      ];
    case "debited":
      return ["budgets", debited(cell, `r${tokens}`, tokens)];
    case "anomaly":
      return ["anomalies", anomaly([cell.window])];
    case "undone":
      return [tokens % 2 === 0 ? "windows" : "anomalies", undone(target?.row.id ?? "")];
  }
}

/** The rows of each file in their order, the files mixed as the choices say. */
export function interleave(
  history: readonly History[],
  choices: readonly number[],
): readonly History[] {
  const queues = [...Map.groupBy(history, ({ file }) => file).values()].map((rows) => [...rows]);
  return history.flatMap((_, index) => {
    const waiting = queues.filter((queue) => queue.length > 0);
    return waiting[(choices[index] ?? 0) % waiting.length]?.splice(0, 1) ?? [];
  });
}
