import { describe, expect, it } from "vitest";

import {
  HAS_POSTGRES,
  query,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import {
  addLines,
  asUser,
  EXPERIMENT,
  nextLine,
  rowOf,
  useStage,
  withClient,
} from "./test-support/bad-worker.ts";

/** What the role must not do by itself. */
const STATEMENTS: readonly (readonly [string, string])[] = [
  ["raise a cap", "update counterbalance.budgets set cap = cap * 100"],
  ["lower what is spent", "update counterbalance.budgets set spent = 0, reserved = 0"],
  ["remove a budget", "delete from counterbalance.budgets"],
  ["clear a stop", "update counterbalance.sessions set stopped_why = null"],
  ["stop an experiment", "update counterbalance.sessions set stopped_why = 'x'"],
  ["open a session", "insert into counterbalance.sessions values ('x', 'x', '{}', 0, null)"],
  ["push a head", "update counterbalance.ledger_heads set seq = seq + 1000"],
  ["lock a head by itself", "select from counterbalance.ledger_heads for update"],
  ["make a head", "insert into counterbalance.ledger_heads values ('x', 9, 'x', '', 1, 1, 0)"],
  [
    "insert a row",
    "insert into counterbalance.ledger_rows values ('windows', 9, 1, 'x', 'x', null, null, null, 'garbage')",
  ],
  ["change a row", "update counterbalance.ledger_rows set line = ''"],
  ["delete a row", "delete from counterbalance.ledger_rows"],
  ["empty the ledger", "truncate counterbalance.ledger_rows"],
  ["free an allowance", "delete from counterbalance.allowances"],
  ["read allowances", "select * from counterbalance.allowances"],
  ["forget a lost attempt", "delete from counterbalance.lost_attempts"],
  ["say whose window it is", "update counterbalance.deliveries set window_name = 'W0-02'"],
  ["read who holds what", "select * from counterbalance.attempts"],
  ["take over an attempt", "update counterbalance.attempts set role_name = session_user"],
  ["speak for another worker", "update counterbalance.workers set details = '{}'"],
  ["add commits", "insert into counterbalance.bundles values ('x', '')"],
  ["set allowances aside", `select counterbalance.reserve('${EXPERIMENT}', '{}', '{}')`],
  ["give allowances up", `select counterbalance.give_up('${EXPERIMENT}', '{W0-01}', '{}')`],
  ["add any row", "select counterbalance.append('{windows}', '{x}')"],
  ["insert rows without a claim", "select counterbalance.insert_rows('{}')"],
  ["move a budget", `select counterbalance.move('${EXPERIMENT}', '{"tokens": -1}', '{}', 1)`],
  ["give rights", "select counterbalance.grant_worker()"],
  [
    "change a function",
    "create or replace function counterbalance.hash_of(bytea) returns text language sql as 'select 1::text'",
  ],
  ["switch the checks off", "alter table counterbalance.ledger_rows disable trigger all"],
  ["switch all triggers off", "set session_replication_role = replica"],
  [
    "let the owner run SQL, by a queue",
    "update counterbalance_queue.queue set table_name = 'job; drop table x'",
  ],
  [
    "let the owner run SQL, by its upkeep",
    "insert into counterbalance_queue.bam (name, version, table_name, command) values ('x', 1, 'job', 'drop table x')",
  ],
  ["read passwords", "select * from pg_authid"],
  ["read files of the server", "select pg_read_file('postgresql.conf')"],
  ["run programs on the server", "copy (select 1) to program 'cat'"],
];

describe.skipIf(!HAS_POSTGRES)(`the role of workers${WITHOUT}`, () => {
  const stage = useStage();

  it("can't do by itself what only the owner may", async () => {
    const { url } = stage();
    const done: string[] = [];
    for (const [what, sql] of STATEMENTS) {
      const refusal = await query(asUser(url, "mallory"), sql).then(
        () => "",
        (error: unknown) => String(error),
      );
      if (!/permission denied|must be owner|must be superuser/u.test(refusal)) {
        done.push(`${what}: ${refusal}`);
      }
    }
    expect(done).toEqual([]);
  });

  it("lets no operator and no function of its user run with the owner's rights", async () => {
    const { url, mallory } = stage();
    await query(url, "create schema evil authorization mallory");
    await withClient(asUser(url, "mallory"), async (client) => {
      for (const sql of HOSTILE) await client.query(sql);
      const line = await nextLine(client, "windows", rowOf("W0-01", "window_finalized"));
      const adding = addLines(client, mallory.claim, [{ file: "windows", line }]);
      await expect(adding).rejects.toThrow(/of another window/u);
      const own = await nextLine(client, "windows", rowOf("W0-02", "window_interrupted"));
      await addLines(client, mallory.claim, [{ file: "windows", line: own }]);
      // They were called by its own statements alone.
      const { rows } = await client.query("select distinct called.by from evil.called");
      expect(rows).toEqual([{ by: "mallory" }]);
    });
  });
});

const HOSTILE = [
  "create table evil.called (by text)",
  ...["text", "bigint", "uuid", "integer", "boolean"].flatMap((type) => [
    `create function evil.same_${type}(${type}, ${type}) returns boolean language plpgsql as $$ begin insert into evil.called values (current_user); return true; end $$`,
    `create operator evil.= (leftarg = ${type}, rightarg = ${type}, function = evil.same_${type})`,
    `create operator evil.<> (leftarg = ${type}, rightarg = ${type}, function = evil.same_${type})`,
  ]),
  "create function evil.sha256(bytea) returns bytea language plpgsql as $$ begin insert into evil.called values (current_user); return $1; end $$",
  "create function evil.hash_of(bytea) returns text language plpgsql as $$ begin insert into evil.called values (current_user); return 'x'; end $$",
  "create function evil.replace(text, text, text) returns text language plpgsql as $$ begin insert into evil.called values (current_user); return $1; end $$",
  "create function evil.jsonb_each(jsonb) returns setof text language plpgsql as $$ begin insert into evil.called values (current_user); return; end $$",
  "create temp table ledger_heads (file text, seq bigint, h text)",
  "create temp table budgets (experiment_id text, unit text, cap bigint, spent bigint, reserved bigint)",
  "set search_path = evil, pg_temp, counterbalance, pg_catalog",
  "set standard_conforming_strings = off",
  "set escape_string_warning = off",
];
