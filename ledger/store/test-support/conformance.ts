import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import { ENVELOPE_KEYS, type NewRow, Row } from "../../domain/row.ts";
import { headsSha256 } from "../heads-sha256.ts";
import { ROW_BYTES_MAX } from "../prepared-row.ts";
import {
  IdConflictError,
  PositionLostError,
  RowKeyError,
  RowTooLargeError,
  StoreClosedError,
} from "../store-errors.ts";
import type { LedgerReader, LedgerStore, Position } from "../store.ts";

/** Opens an empty store of the kind under test. */
export type OpenStore = (options: {
  readonly validate?: (file: LedgerFile, row: NewRow) => void;
}) => Promise<LedgerStore>;

class SecondBeforeError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

/** What every store keeps, whatever it keeps its rows in. */
export function describeLedgerStore(kind: string, open: OpenStore): void {
  describe(`${kind}: the contract of every store`, () => {
    let store: LedgerStore;
    beforeEach(async () => {
      store = await open({ validate: refuseNegative });
    });
    afterEach(() => store.close());

    describeRows(() => store);
    describeDurability(() => store);
    describeText(() => store);
    describeIds(() => store);
    describeRules(() => store);
    describeReading(() => store);
    describeRefusals(() => store);
  });
}

function describeRows(store: () => LedgerStore): void {
  it("stamps a row with the whole envelope and hands back what it wrote", async () => {
    const [row] = await store().append("windows", [{ record: "window_opened", window: "W0-01" }]);
    expect(Row.parse(row)).toMatchObject({ _v: 1, seq: 1, record: "window_opened" });
    expect(row).toMatchObject({ window: "W0-01", source: "automation", schema_version: "1.0" });
    expect(Object.keys(row ?? {}).filter((key) => key !== "window")).toEqual([...ENVELOPE_KEYS]);
    expect([...store().read("windows")]).toEqual([row]);
  });

  it("keeps what the caller says about source, agent, schema and supersession", async () => {
    const said = {
      source: "override",
      agent_id: "b",
      schema_version: "1.3",
      supersedes: "x",
    } as const;
    const [row] = await store().append("snapshots", [{ record: "snapshot", ...said }]);
    expect(row).toMatchObject(said);
  });

  it("chains each row to the one before it, each file by itself", async () => {
    const rows = await store().append("windows", [{ record: "a" }, { record: "b" }]);
    const [later] = await store().append("windows", [{ record: "c" }]);
    const [other] = await store().append("churn", [{ record: "a" }]);
    expect(rows[1]?.prev).toBe(rows[0]?.h);
    expect(later).toMatchObject({ seq: 3, prev: rows[1]?.h });
    expect(other?.seq).toBe(1);
    expect(other?.prev).not.toBe(rows[0]?.prev);
  });

  it("writes the row as it was when it was appended", async () => {
    const payload = { record: "a", meters: [1] };
    const appended = store().append("windows", [payload]);
    payload.meters.push(2);
    expect((await appended)[0]).toMatchObject({ meters: [1] });
  });

  it("keeps the order in which appends were called, without waiting between them", async () => {
    const indexes = Array.from({ length: 200 }, (_, index) => index);
    await Promise.all(indexes.map((index) => store().append("budgets", [{ record: "a", index }])));
    expect([...store().read("budgets")].map((row) => row["index"])).toEqual(indexes);
  });
}

function describeDurability(store: () => LedgerStore): void {
  it("takes rows that may be synced later, and resolves when something makes them durable", async () => {
    const heard: number[] = [];
    const laters = [1, 2].map(async (n) => {
      await store().append("budgets", [{ record: "a", n }], { sync: "later" });
      heard.push(n);
    });
    await store().append("budgets", [{ record: "a", n: 3 }]);
    await Promise.all(laters);
    expect(heard).toEqual([1, 2]);
    expect([...store().read("budgets")].map((row) => row["n"])).toEqual([1, 2, 3]);
  });

  it("syncs every waiting row when it closes", async () => {
    const later = store().append("budgets", [{ record: "a" }], { sync: "later" });
    await store().close();
    expect(await later).toHaveLength(1);
  });
}

function describeText(store: () => LedgerStore): void {
  it("keeps text that looks like the envelope, line ends and every plane of Unicode", async () => {
    const text = 'a\n{"_v":1,"seq":9}\r\u2028 ","h":"x"} 𝄞 \ud800';
    const [row] = await store().append("handoffs", [{ record: "a", text }]);
    expect(row?.["text"]).toBe(text);
    expect([...store().read("handoffs")][0]?.["text"]).toBe(text);
  });
}

function describeIds(store: () => LedgerStore): void {
  it("writes a row with the same id and content once, and returns it as it is there", async () => {
    const row: NewRow = { record: "a", id: "one", deep: { x: [1, 2] } };
    const [first] = await store().append("windows", [row]);
    const [second] = await store().append("windows", [{ record: "b" }, row].slice(1));
    expect(second).toEqual(first);
    expect([...store().read("windows")]).toHaveLength(1);
  });

  it("recognises a repeated id inside one batch and among appends that are under way", async () => {
    const row: NewRow = { record: "a", id: "one" };
    const [both, again] = await Promise.all([
      store().append("windows", [row, row]),
      store().append("windows", [row]),
    ]);
    expect(new Set([...both, ...again].map(({ seq }) => seq))).toEqual(new Set([1]));
    expect([...store().read("windows")]).toHaveLength(1);
  });

  it("refuses the same id with other content, with all rows of that append", async () => {
    await store().append("windows", [{ record: "a", id: "one", n: 1 }]);
    const refused = store().append("windows", [{ record: "b" }, { record: "a", id: "one", n: 2 }]);
    await expect(refused).rejects.toThrow(IdConflictError);
    await expect(refused).rejects.toMatchObject({ exitCode: 3, id: "one" });
    expect([...store().read("windows")]).toHaveLength(1);
  });

  it("takes an id of any characters, and finds it again", async () => {
    const row: NewRow = {
      record: "a\0",
      id: `"zero \0, tab \t, half \uD800, \u{1F600}`,
      window: "\0",
    };
    const [first] = await store().append("windows", [row]);
    expect(await store().append("windows", [row])).toEqual([first]);
    expect([...store().read("windows")]).toEqual([first]);
  });

  it("tells apart what one batch says twice in another order and what it says otherwise", async () => {
    const [one, same, other] = [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }].map((fields): NewRow => ({
      record: "a",
      id: "one",
      ...fields,
    }));
    if (one === undefined || same === undefined || other === undefined) throw new Error("No rows.");
    await expect(store().append("windows", [one, other])).rejects.toThrow(IdConflictError);
    expect(await store().append("windows", [one, same])).toHaveLength(2);
    expect([...store().read("windows")]).toHaveLength(1);
  });

  it("lets two files use the same id", async () => {
    await store().append("windows", [{ record: "a", id: "one", n: 1 }]);
    await store().append("churn", [{ record: "a", id: "one", n: 2 }]);
    expect([...store().read("churn")]).toHaveLength(1);
  });
}

function describeRules(store: () => LedgerStore): void {
  it("writes the rows if their rule allows them", async () => {
    await store().append("snapshots", [before("W0-01")], { unless: secondBefore("W0-01") });
    expect([...store().read("snapshots")]).toHaveLength(1);
  });

  it("refuses the second of two appends that the same rule guards, called together", async () => {
    const attempts = ["a", "b", "c"].map(() =>
      store().append("snapshots", [before("W0-01")], { unless: secondBefore("W0-01") }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(attempts[1]).rejects.toThrow(SecondBeforeError);
    expect([...store().read("snapshots")]).toHaveLength(1);
  });

  it("passes a rule's error to the caller, and writes none of the rows", async () => {
    const appended = store().append("snapshots", [before("W0-01")], {
      unless: () => {
        throw new TypeError("a bug in the rule");
      },
    });
    await expect(appended).rejects.toThrow("a bug in the rule");
    const [row] = await store().append("snapshots", [before("W0-02")]);
    expect(row?.seq).toBe(1);
  });
}

function describeReading(store: () => LedgerStore): void {
  it("reads nothing from a file without rows", () => {
    expect([...store().read("looks")]).toEqual([]);
    expect([...store().readFrom("looks").rows]).toEqual([]);
  });

  it("reads from a position only what came after it, at every prefix", async () => {
    let position: Position | undefined;
    const folded: unknown[] = [];
    for (let index = 0; index < 20; index += 1) {
      const since = store().readFrom("looks", position);
      for (const row of since.rows) folded.push(row["index"]);
      position = since.end;
      await store().append("looks", [{ record: "look", index }]);
    }
    expect(folded).toEqual(Array.from({ length: 19 }, (_, index) => index));
  });

  it("does not read rows that came after the reading began", async () => {
    await store().append("looks", [{ record: "look" }]);
    const { rows } = store().readFrom("looks");
    await store().append("looks", [{ record: "look" }]);
    expect([...rows]).toHaveLength(1);
  });

  it("throws if the row before a position is missing", async () => {
    await store().append("looks", [{ record: "look" }]);
    const { end } = store().readFrom("looks");
    const lost = { ...end, h: "x".repeat(43) };
    expect(() => store().readFrom("looks", lost)).toThrow(PositionLostError);
  });

  it("keeps a snapshot as it was, whatever is written later", async () => {
    const [row] = await store().append("looks", [{ record: "look" }]);
    const snapshot = store().snapshot();
    await store().append("looks", [{ record: "look" }]);
    await store().append("churn", [{ record: "churn" }]);
    const { ledgerId, ends } = snapshot;
    expect({ ledgerId, ends }).toEqual({
      ledgerId: store().ledgerId,
      ends: [{ file: "looks", seq: 1, h: row?.h }],
    });
    expect([...snapshot.read("looks")]).toEqual([row]);
    expect([...snapshot.read("churn")]).toEqual([]);
    expect([...snapshot.readFrom("looks", snapshot.readFrom("looks").end).rows]).toEqual([]);
  });

  it("has no position in a snapshot that is after its end", async () => {
    await store().append("looks", [{ record: "look" }]);
    const snapshot = store().snapshot();
    await store().append("looks", [{ record: "look" }]);
    const { end } = store().readFrom("looks");
    expect(() => snapshot.readFrom("looks", end)).toThrow(PositionLostError);
  });

  it("returns the heads of the files that have rows", async () => {
    await store().append("looks", [{ record: "look" }]);
    const [row] = await store().append("looks", [{ record: "look" }]);
    const heads = await store().heads();
    expect(heads.map(({ file, seq, h }) => ({ file, seq, h }))).toEqual([
      { file: "looks", seq: 2, h: row?.h },
    ]);
    expect(headsSha256(heads)).toBe(headsSha256(store().snapshot().ends));
  });
}

function describeRefusals(store: () => LedgerStore): void {
  it("refuses rows that the caller's check refuses, and writes none of them", async () => {
    const appended = store().append("churn", [
      { record: "a", n: 1 },
      { record: "a", n: -1 },
    ]);
    await expect(appended).rejects.toThrow("negative");
    expect([...store().read("churn")]).toEqual([]);
  });

  it("takes a payload of 1 MiB and refuses one byte more, naming the way out", async () => {
    const frame = '"text":""'.length;
    const text = "x".repeat(ROW_BYTES_MAX - frame);
    const [row] = await store().append("churn", [{ record: "a", text }]);
    expect(row?.["text"]).toHaveLength(text.length);
    const refused = store().append("churn", [{ record: "a", text: `${text}x` }]);
    await expect(refused).rejects.toThrow(RowTooLargeError);
    await expect(refused).rejects.toThrow(/SHA-256/);
    expect([...store().read("churn")]).toHaveLength(1);
  });

  it.each(["_v", "seq", "prev", "tool_version", "recorded_at", "h"])(
    "refuses a payload that uses the store's own key %s",
    async (key) => {
      const appended = store().append("churn", [{ record: "a", [key]: 1 }]);
      await expect(appended).rejects.toThrow(RowKeyError);
    },
  );

  it("refuses an append after it was closed", async () => {
    await store().close();
    await expect(store().append("churn", [{ record: "a" }])).rejects.toThrow(StoreClosedError);
  });
}

function refuseNegative(_file: LedgerFile, row: NewRow): void {
  if (typeof row["n"] === "number" && row["n"] < 0) throw new RangeError("n is negative");
}

function before(window: string): NewRow {
  return { record: "snapshot", window, phase: "before" };
}

function secondBefore(window: string) {
  return (ledger: LedgerReader) => {
    for (const row of ledger.read("snapshots")) {
      if (row["window"] === window) return new SecondBeforeError(`${window} has its before.`);
    }
    return undefined;
  };
}
