import { describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  query,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { UNBOUNDED } from "../../gateway/budgets/budget-unit.ts";
import {
  addLines,
  asUser,
  EXPERIMENT,
  finalOf,
  nextLine,
  rowOf,
  type Stage,
  useStage,
  withClient,
} from "./test-support/bad-worker.ts";

const OWN = rowOf("W0-02", "window_interrupted");
const NOTHING_SPENT = '{"tokens":0,"usd":0,"minutes":0}';
const AS_HONEST = { name: "honest", machineClass: "small", experiments: [EXPERIMENT] };

describe.skipIf(!HAS_POSTGRES)(`the fence of a window${WITHOUT}`, () => {
  const stage = useStage();

  it("keeps out who does not hold its job, and an old retry count", async () => {
    const { url, mallory, honest } = stage();
    const { id, delivery } = mallory.claim;
    const others = [
      { id: honest.claim.id, delivery: honest.claim.delivery },
      { id, delivery: delivery + 1 },
      { id, delivery: -1 },
      { id: crypto.randomUUID(), delivery: 0 },
    ];
    await withClient(asUser(url, "mallory"), async (client) => {
      const line = await nextLine(client, "windows", OWN);
      for (const other of others) {
        const adding = addLines(client, other, [{ file: "windows", line }]);
        await expect(adding).rejects.toThrow("It is lost");
      }
    });
    // As the queue's monitor does after missed heartbeats.
    const expire = "update counterbalance_queue.job set state = 'retry' where id = $1";
    await query(url, expire, [id]);
    await expect(addOwn(stage())).rejects.toThrow("It is lost");
  });

  it("can't be gone around", async () => {
    const { url, mallory } = stage();
    const { id, delivery } = mallory.claim;
    await withClient(asUser(url, "mallory"), async (client) => {
      const line = await nextLine(client, "windows", OWN);
      const given = [id, delivery, ["windows"], [line]];
      const calls = [
        { call: "begin_claim($1, $2, $3, $4)", values: given },
        { call: "finish_claim($1, $2, $3, $4, $5, null)", values: [...given, NOTHING_SPENT] },
        { call: "record_late($1, $2, $3, $4, $5)", values: [...given, NOTHING_SPENT] },
      ];
      for (const { call, values } of calls) {
        const calling = client.query(`select counterbalance.${call}`, values);
        await expect(calling).rejects.toThrow(/holds no window/u);
      }
      // It lets in one transaction, and not the next one.
      const enter = "select counterbalance.enter_claim($1, $2, false, '{windows}', '{}')";
      await client.query(enter, [id, delivery]);
      const calling = client.query("select counterbalance.begin_claim($1, $2, $3, $4)", given);
      await expect(calling).rejects.toThrow(/holds no window/u);
    });
  });

  it("keeps a window out that is final", async () => {
    const { url, mallory, workers, owner } = stage();
    const { id } = mallory.claim;
    await workers.mallory.finish(mallory.claim, finalOf("W0-02", 0));
    await owner.reserve(EXPERIMENT, new Map([["W0-04", { ...UNBOUNDED, tokens: 100 }]]));
    const again =
      "update counterbalance_queue.job set state = 'active', retry_count = 7 where id = $1";
    await query(asUser(url, "mallory"), again, [id]);
    await expect(addOwn(stage())).rejects.toThrow("It is done");
    const take = "select * from counterbalance.take($1, 7, 'mallory', 'small', '{}')";
    expect(await query(asUser(url, "mallory"), take, [id])).toEqual([]);
  });
});

describe.skipIf(!HAS_POSTGRES)(`what a window has spent${WITHOUT}`, () => {
  const stage = useStage();

  it.each([
    '{"tokens":-5,"usd":0,"minutes":0}',
    '{"tokens":1.5,"usd":0,"minutes":0}',
    '{"tokens":null,"usd":0,"minutes":0}',
    '{"tokens":5}',
    "null",
  ])("is never %s", async (spent) => {
    const { url, mallory } = stage();
    const given = [mallory.claim.id, mallory.claim.delivery];
    await withClient(asUser(url, "mallory"), async (client) => {
      await client.query("begin");
      await client.query("select counterbalance.enter_claim($1, $2, false, '{}', '{}')", given);
      const finish = "select counterbalance.finish_claim($1, $2, '{}', '{}', $3, null)";
      await expect(client.query(finish, [...given, spent])).rejects.toThrow(/whole number/u);
      await client.query("rollback");
    });
  });

  it("is settled by nobody else", async () => {
    const { url, honest } = stage();
    const given = [honest.claim.id, honest.claim.delivery];
    await withClient(asUser(url, "mallory"), async (client) => {
      for (const isLate of [true, false]) {
        await client.query("begin");
        const { rows } = await client.query<{ answer: unknown }>(
          "select counterbalance.enter_claim($1, $2, $3, '{}', '{}') as answer",
          [...given, isLate],
        );
        expect(rows[0]?.answer).toMatchObject({ state: "lost" });
        const settle = isLate
          ? "select counterbalance.record_late($1, $2, '{}', '{}', $3)"
          : "select counterbalance.finish_claim($1, $2, '{}', '{}', $3, null)";
        const settling = client.query(settle, [...given, NOTHING_SPENT]);
        await expect(settling).rejects.toThrow(/holds no window/u);
        await client.query("rollback");
      }
    });
  });
});

describe.skipIf(!HAS_POSTGRES)(`a worker${WITHOUT}`, () => {
  const stage = useStage();

  it("does not take what another one has taken", async () => {
    const { url, honest } = stage();
    const take = "select * from counterbalance.take($1, $2, 'mallory', 'small', '{}')";
    const given = [honest.claim.id, honest.claim.delivery];
    expect(await query(asUser(url, "mallory"), take, given)).toEqual([]);
  });

  it("does not pass for another one", async () => {
    const { url, workers } = stage();
    const greet = `select counterbalance.greet('honest', '{"name":"honest","slots":1000000}')`;
    await query(asUser(url, "mallory"), greet);
    const [shown] = await query<{ details: object }>(
      url,
      "select details from counterbalance.workers where name = 'honest'",
    );
    expect(shown?.details).toMatchObject({ slots: 1 });
    await expect(workers.mallory.claim(AS_HONEST)).rejects.toThrow(/of another user/u);
  });

  it("takes nothing of an experiment that is stopped", async () => {
    const { url, owner } = stage();
    await owner.stop(EXPERIMENT, "interrupted");
    const [job] = await query<{ id: string }>(
      asUser(url, "mallory"),
      "update counterbalance_queue.job set state = 'active' where state in ('created', 'cancelled') returning id",
    );
    const take = "select * from counterbalance.take($1, 0, 'mallory', 'small', '{}')";
    expect(await query(asUser(url, "mallory"), take, [job?.id])).toEqual([]);
  });

  it.each([
    '{"name":"mallory"}',
    '{"name":"mallory","host":"h","machineClass":"c","slots":1e9,"windows":[]}',
    '{"name":"mallory","host":"\\u001b[2J","machineClass":"c","slots":1,"windows":[]}',
    '{"name":"mallory","host":"h","machineClass":"c","slots":1,"windows":[],"refusals":[{"experimentId":"a","why":"\\u001b"}]}',
  ])("is not shown if it says of itself: %s", async (details) => {
    const { url, owner } = stage();
    await query(asUser(url, "mallory"), "select counterbalance.greet('mallory', $1)", [details]);
    expect((await owner.workers()).map(({ name }) => name)).toEqual(["honest"]);
  });

  it("hands out no window, and changes none that waits", async () => {
    const { url, workers } = stage();
    const changed = '{"experimentId":"other","planned":{"command":"rm -rf /"}}';
    await query(
      asUser(url, "mallory"),
      "update counterbalance_queue.job set data = $1 where state = 'created'",
      [changed],
    );
    await query(
      asUser(url, "mallory"),
      `insert into counterbalance_queue.job (name, data, policy, singleton_key, priority)
       values ('windows.${EXPERIMENT}', $1, 'exclusive', 'mine', 9)`,
      [changed],
    );
    // The first one is dropped.
    expect(await workers.honest.claim(AS_HONEST)).toBeNull();
    const claim = await workers.honest.claim(AS_HONEST);
    expect(claim?.job.planned).toMatchObject({ window: "W0-03", command: "/implement f" });
  });
});

describe.skipIf(!HAS_POSTGRES)(`how a window ended${WITHOUT}`, () => {
  const stage = useStage();

  it.each([
    `update counterbalance_queue.job set state = 'completed', output = '{"outcome":"pass"}' where state = 'created'`,
    "delete from counterbalance_queue.job where state = 'created'",
  ])("is not said by who does not hold it: %s", async (sql) => {
    const { url, owner } = stage();
    const [waiting] = await query<{ id: string }>(
      url,
      "select job_id as id from counterbalance.deliveries where window_name = 'W0-03'",
    );
    await query(asUser(url, "mallory"), sql);
    const states = await owner.statesOf([waiting?.id ?? ""]);
    expect([...states.values()]).toEqual([{ state: "failed", output: null }]);
  });

  it("is what its holder has said, and nothing if that can't be read", async () => {
    const { url, mallory, workers, owner } = stage();
    const { rows, spent } = finalOf("W0-02", 0);
    const output = JSON.parse('{"outcome":{"made":"up"},"usage":7}');
    await workers.mallory.finish(mallory.claim, { rows, spent, output });
    await owner.reserve(EXPERIMENT, new Map([["W0-04", { ...UNBOUNDED, tokens: 100 }]]));
    await query(
      asUser(url, "mallory"),
      `update counterbalance_queue.job set output = '{"outcome":"pass"}' where id = $1`,
      [mallory.claim.id],
    );
    const states = await owner.statesOf([mallory.claim.id]);
    expect([...states.values()]).toEqual([{ state: "done", output: null }]);
  });
});

/** Tries to add a row as the holder of W0-02. */
async function addOwn({ url, mallory }: Stage): Promise<void> {
  await withClient(asUser(url, "mallory"), async (client) => {
    const line = await nextLine(client, "windows", OWN);
    await addLines(client, mallory.claim, [{ file: "windows", line }]);
  });
}
