import { DatabaseError } from "pg";
import { describe, expect, it, test } from "vitest";

import { awaitDatabase } from "./await-database.ts";
import { readStoreAddress } from "./store-address.ts";
import { clusterOfTests, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, KILLABLE, WITHOUT } from "./test-support/private-cluster.ts";

const address = readStoreAddress("postgres://me@db/ledger", "test");
const STARTING = serverSaid("the database system is starting up", "57P03");
const REFUSING = withCode(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
const NO_SOCKET = withCode(new Error("connect ENOENT /run/postgresql/.s.PGSQL.5432"), {
  code: "ENOENT",
  syscall: "connect",
});

function withCode<Failure extends Error>(error: Failure, fields: object): Failure {
  return Object.assign(error, fields);
}

function serverSaid(message: string, code: string): DatabaseError {
  return withCode(new DatabaseError(message, 1, "error"), { code });
}

/** How often it looks for a database that always fails so. Each look takes some seconds. */
async function waitFor(failure: Error, { isPatient = true, seconds = 50 } = {}) {
  let looks = -1;
  const said: string[] = [];
  const clock = { monotonicMs: () => (looks += 1) * seconds * 1000 };
  const act = async (): Promise<never> => {
    throw failure;
  };
  const waited = awaitDatabase(act, { address, clock, isPatient, say: (one) => said.push(one) });
  await expect(waited).rejects.toThrow(/expected a database that takes the ledger's rows/u);
  return { looks, said };
}

test.each([
  ["a server that takes no connections", REFUSING, 2],
  ["a server without a socket", NO_SOCKET, 2],
  ["a server that ends", serverSaid("terminating connection", "57P01"), 2],
  ["a server whose process died", serverSaid("crash of another server process", "57P02"), 2],
  ["a socket that is closed", withCode(new Error("write EPIPE"), { code: "EPIPE" }), 2],
  ["a cut connection", new Error("Connection terminated"), 2],
  ["a server that hangs", new Error("timeout exceeded when trying to connect"), 2],
  ["a database that is starting", STARTING, 7],
])("%s is waited for in bounded time", async (_what, failure, looks) => {
  expect((await waitFor(failure)).looks).toBe(looks);
});

test("a command that only reads waits for a database that is starting, and for no other", async () => {
  expect((await waitFor(STARTING, { isPatient: false })).looks).toBe(7);
  expect((await waitFor(REFUSING, { isPatient: false })).looks).toBe(1);
});

test("a wrong password is not waited for", async () => {
  expect((await waitFor(serverSaid("password authentication failed", "28P01"))).looks).toBe(1);
});

test("what is waited for is said, with the time that is left", async () => {
  const { said } = await waitFor(REFUSING, { seconds: 20 });
  expect(said.slice(0, 2)).toEqual([
    "postgres://me@db/ledger: the server takes no connections. Waiting for it, at most 40 s more.",
    "postgres://me@db/ledger: the server takes no connections. Waiting for it, at most 20 s more.",
  ]);
});

describe.skipIf(!HAS_POSTGRES)(`a PostgreSQL that is started again${WITHOUT}`, () => {
  const cluster = clusterOfTests(KILLABLE);

  it("is waited for", async () => {
    const url = await cluster().makeDatabase();
    await cluster().kill();
    const said: string[] = [];
    const opened = awaitDatabase(async () => await openStore(url), {
      address,
      clock: { monotonicMs: () => performance.now() },
      isPatient: true,
      say: (sentence) => said.push(sentence),
    });
    await expect.poll(() => said).toHaveLength(1);
    await cluster().start();
    const store = await opened;
    expect(await store.append("windows", [{ record: "a" }])).toMatchObject([{ seq: 1 }]);
    expect(said.at(-1)).toBe("postgres://me@db/ledger: the database answers.");
  });
});
