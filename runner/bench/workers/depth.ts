import {
  type PrivateCluster,
  query,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { benchSize } from "../bench-size.ts";
import { MACHINE_CLASS, measureCost, openBenchBoard } from "./bench-board.ts";

const MEASURED = benchSize({ full: 1000, short: 20, variable: "BENCH_WINDOWS" });
const DEPTHS = [
  benchSize({ full: 1000, short: 10 }),
  benchSize({ full: 100_000, short: 100, variable: "BENCH_DEPTH" }),
];

type Bench = Awaited<ReturnType<typeof openBenchBoard>>;

/** What a window costs its coordinator, its worker and the database, by how many wait and are finished. */
export async function* benchDepth(cluster: PrivateCluster): AsyncIterable<string> {
  const costs: number[] = [];
  for (const depth of DEPTHS) {
    const bench = await openBenchBoard(cluster);
    try {
      await fill(bench, depth);
      await handle(bench, { windows: MEASURED / 10, prefix: "W1" });
      const { ownCpuMs, serverCpuMs, wallMs } = await measureCost(bench.url, async () => {
        await handle(bench, { windows: MEASURED, prefix: "W2" });
      });
      costs.push((ownCpuMs + serverCpuMs) / MEASURED);
      const [own, server, wall] = [ownCpuMs, serverCpuMs, wallMs].map((ms) =>
        (ms / MEASURED).toFixed(2),
      );
      yield `${String(depth)} waiting and as many finished: CPU a window ${String(own)} ms here and ${String(server)} ms in PostgreSQL, ${String(wall)} ms wall`;
    } finally {
      await bench.close();
    }
  }
  const [least = NaN, most = NaN] = costs;
  yield `ratio of CPU: ${(most / least).toFixed(2)} (target: at most 1.2)`;
}

/** For each window that is done, hands out another one, so that the depth stays. Every other one is the second of a pair. */
async function handle(
  bench: Bench,
  { windows, prefix }: { readonly windows: number; readonly prefix: string },
): Promise<void> {
  const following: Promise<void>[] = [];
  await bench.work(windows, () => {
    following.push(follow(bench, `${prefix}-${String(following.length)}`, following.length % 2));
  });
  await Promise.all(following);
}

async function follow(bench: Bench, window: string, second: number): Promise<void> {
  await bench.board.classOf(bench.experimentId, [window]);
  const id = await bench.enqueue(window, second === 1 ? MACHINE_CLASS : null);
  await bench.board.statesOf([id]);
}

/** Works one window, lets another one wait, and copies both in the database as often as asked. */
async function fill({ url, experimentId, enqueue, work }: Bench, depth: number): Promise<void> {
  await enqueue("W0-done");
  await work(1);
  await enqueue("W0-waits");
  const checks = "alter table counterbalance.ledger_rows % trigger rows_are_checked";
  await query(url, checks.replace("%", "disable"));
  for (const [kind, of] of [
    ["done", "W0-done"],
    ["waits", "W0-waits"],
  ] as const) {
    for (const sql of COPIES) await query(url, sql, [experimentId, of, depth, `W0-${kind}-`]);
  }
  await query(url, checks.replace("%", "enable"));
  await query(
    url,
    `update counterbalance.ledger_heads h
     set seq = (select max(seq) from counterbalance.ledger_rows r where r.file = h.file)`,
  );
  await query(
    url,
    "update counterbalance.budgets set reserved = reserved + $1 where unit = 'tokens'",
    [depth * 1000],
  );
  await query(url, "vacuum analyze");
}

/** $1 the experiment, $2 the window to copy, $3 how often, $4 how the names of the copies begin. */
const COPIES = [
  `insert into counterbalance_queue.job
   select r.* from counterbalance_queue.job j, generate_series(1, $3::int) i,
     lateral jsonb_populate_record(j, jsonb_build_object(
       'id', gen_random_uuid(),
       'singleton_key', $1::text || '/' || $4::text || i,
       'data', jsonb_set(j.data, '{window}', to_jsonb($4::text || i)))) r
   where j.singleton_key = $1::text || '/' || $2::text`,
  `insert into counterbalance.deliveries
   select j.id, d.experiment_id, j.data->>'window', d.worker, d.machine_class, d.finished_delivery, d.queue,
     jsonb_set(d.job, '{planned,window}', j.data->'window'), d.heads
   from counterbalance.deliveries d, counterbalance_queue.job j
   where d.experiment_id = $1 and d.window_name = $2 and j.id <> d.job_id
     and starts_with(j.data->>'window', $4) and $3::int > 0`,
  `insert into counterbalance.allowances
   select a.experiment_id, $4::text || i, a.amounts, a.begun_by
   from counterbalance.allowances a, generate_series(1, $3::int) i
   where a.experiment_id = $1 and a.window_name = $2`,
  `insert into counterbalance.ledger_rows
   select r.file, r.seq + i * 100, r.segment, r.id || '-' || i, r.record, r.experiment_id, $4::text || i,
     r.supersedes, r.line
   from counterbalance.ledger_rows r, generate_series(1, $3::int) i
   where r.experiment_id = $1 and r.window_name = $2`,
];
