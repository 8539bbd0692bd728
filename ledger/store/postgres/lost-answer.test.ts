import { describe, expect, it, onTestFinished } from "vitest";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";
import type { NewRow } from "../../domain/row.ts";
import type { AppendRule } from "../store.ts";
import { startCutter } from "./test-support/cut-connections.ts";
import { clusterOfTests, openStore } from "./test-support/open-store.ts";
import { HAS_POSTGRES, query, WITHOUT } from "./test-support/private-cluster.ts";

class SecondError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

const onlyOnce: AppendRule = (ledger) =>
  [...ledger.read("windows")].some(({ record }) => record === "only")
    ? new SecondError("")
    : undefined;

/** The answer to what a client sends is lost. */
interface Lost {
  readonly to: string;
  readonly word: string;
  readonly row: NewRow;
  readonly unless?: AppendRule;
}

const ROW: NewRow = { record: "only" };

describe.skipIf(!HAS_POSTGRES)(`a lost answer of PostgreSQL${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  it.each<Lost>([
    { to: "a commit", word: "commit", row: { record: "only", id: "given" } },
    { to: "a commit of a row without an id", word: "commit", row: ROW },
    { to: "a commit that a rule allowed", word: "commit", row: ROW, unless: onlyOnce },
    { to: "what comes before a commit", word: "counterbalance.append", row: ROW, unless: onlyOnce },
    { to: "the begin", word: "begin", row: ROW },
  ])("to $to costs no row and makes no second one", async ({ word, row, unless }) => {
    const url = await cluster().makeDatabase();
    const cutter = await startCutter(cluster().port);
    onTestFinished(() => cutter.close());
    const store = await openStore(url.replace(String(cluster().port), String(cutter.port)));
    cutter.cutAnswerTo(word);
    const [written] = await store.append("windows", [row], unless === undefined ? {} : { unless });
    expect(written).toMatchObject({ seq: 1, record: "only" });
    expect([...store.read("windows")]).toEqual([written]);
    const rows = await query(url, "select seq from counterbalance.ledger_rows");
    expect(rows).toHaveLength(1);
  });
});
