import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, onTestFinished, test } from "vitest";

import { opencodeSession } from "../../../ledger/sources/opencode-session/parse.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { openFile } from "./ingest-files.ts";
import { stampOf } from "./watched-files.ts";

const TOKENS = { input: 10, output: 40, reasoning: 5, cache: { read: 100, write: 20 } };

/** A database as opencode writes it, and as long as opencode runs: what is new is in a second file. */
function openSessions() {
  const file = path.join(temporaryFolder(), "opencode.db");
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  database.exec("pragma journal_mode = wal");
  database.exec("create table session (id text primary key, parent_id text)");
  database.exec("create table message (id text primary key, session_id text, data text)");
  const insert = database.prepare("insert into session values (?, ?)");
  insert.run("main", null);
  insert.run("helper", "main");
  insert.run("fork", null);
  const add = (id: string, session: string, said: object): void => {
    const data = { role: "assistant", modelID: "m", time: { created: 0 }, tokens: TOKENS, ...said };
    database.prepare("insert into message values (?, ?, ?)").run(id, session, JSON.stringify(data));
  };
  return { file, add };
}

async function readEvents(file: string) {
  const reader = opencodeSession.open({ file, readAt: "", provider: "opencode" });
  let text = "";
  for await (const chunk of openFile(file)) text += Buffer.from(chunk).toString();
  const lines = text.split("\n").filter((line) => line !== "");
  return lines
    .flatMap((line, index) => reader.line(line, index + 1))
    .flatMap((reading) => (reading.kind === "event" ? [reading] : []));
}

test("opencode's messages are read while it writes, a sub-agent's as its own", async () => {
  const { file, add } = openSessions();
  add("1", "main", { cost: 0.5 });
  add("2", "main", { role: "user" });
  add("3", "helper", { time: { created: 1 } });
  add("4", "main", { tokens: { ...TOKENS, input: 0, output: 0, cache: { read: 0, write: 0 } } });
  const events = await readEvents(file);
  const usage = {
    input_uncached: 10,
    cache_read: 100,
    cache_write_5m: 20,
    output: 45,
    reasoning: 5,
    requests: 1,
  };
  const at = "1970-01-01T00:00:00.000Z";
  expect(events.map(({ session, event }) => [session, event])).toEqual([
    ["main", { id: "1", at, lane: "main", model: "m", usage, cost_usd: 0.5 }],
    ["helper", { id: "3", at: "1970-01-01T00:00:00.001Z", lane: "subagent", model: "m", usage }],
  ]);
});

test("a fork's copies of messages are not counted again, under whatever id", async () => {
  const { file, add } = openSessions();
  add("1", "main", {});
  add("2", "fork", { time: { created: 0, completed: 7 } });
  add("3", "fork", { time: { created: 1 } });
  add("4", "fork", { modelID: "n" });
  add("5", "fork", { tokens: { ...TOKENS, output: 41 } });
  const events = await readEvents(file);
  expect(events.map(({ event }) => event.id)).toEqual(["1", "3", "4", "5"]);
});

test("a database has changed when its second file has", () => {
  const { file, add } = openSessions();
  const before = stampOf(file);
  add("1", "main", {});
  expect(stampOf(file)).not.toBe(before);
});

test("another database is refused by its name", async () => {
  const file = path.join(temporaryFolder(), "other.db");
  const database = new DatabaseSync(file);
  database.exec("create table other (id text)");
  database.close();
  await expect(readEvents(file)).rejects.toThrow(/other\.db: expected .*no such table: message/);
});
