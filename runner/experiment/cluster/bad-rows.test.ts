import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import {
  HAS_POSTGRES,
  query,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { drawFrom } from "../../../ledger/store/test-support/draw.ts";
import {
  addLines,
  asUser,
  endOf,
  lineAfter,
  nextLine,
  rowOf,
  type Stage,
  useStage,
  withClient,
} from "./test-support/bad-worker.ts";

interface BadRow {
  readonly what: string;
  readonly file?: LedgerFile;
  readonly row?: NewRow;
  readonly change?: (line: string) => string;
  readonly refusal: RegExp;
}

const OWN = rowOf("W0-02", "window_interrupted");
/** Changed in its text, with the hash that it needs then. */
const BAD_ROWS: readonly BadRow[] = [
  {
    what: "a wrong hash",
    change: (line) => `${line.slice(0, -4)}AA"}`,
    refusal: /not the row that follows/u,
  },
  {
    what: "a changed text",
    row: { ...OWN, n: 1 },
    change: (line) => line.replace('"n":1', '"n":2'),
    refusal: /not the row that follows/u,
  },
  {
    what: "another window",
    row: rowOf("W0-01", "window_finalized"),
    refusal: /of another window/u,
  },
  {
    what: "another experiment",
    row: { ...OWN, experiment_id: "another" },
    refusal: /of another window/u,
  },
  { what: "no window", row: { record: "window_opened" }, refusal: /of another window/u },
  { what: "a correction", row: { ...OWN, supersedes: "x" }, refusal: /correct no rows/u },
  {
    what: "another worker's name",
    row: { ...OWN, machine: { worker: "honest" } },
    refusal: /another worker/u,
  },
  {
    what: "a grade of its own",
    row: { ...OWN, record: "window_regraded" },
    refusal: /no such rows/u,
  },
  {
    what: "a decision",
    file: "decisions",
    row: { ...OWN, record: "decision_made" },
    refusal: /no such rows/u,
  },
  { what: "an undo", row: { ...OWN, record: "row_undone" }, refusal: /no such rows/u },
  {
    what: "a row of a manual window",
    row: { ...OWN, source: "override" },
    refusal: /not the program/u,
  },
  {
    what: "the name of a file that no ledger has",
    change: () => "garbage",
    refusal: /no row|no JSON|invalid|envelope/u,
  },
  {
    what: "two rows in one line",
    change: (line) => rehash(line, (text) => text.replace('"window":', '\n"window":')),
    refusal: /not the row that follows|invalid/u,
  },
  {
    what: "its window twice",
    change: (line) => rehash(line, (text) => `${text},"window":"W0-01"`),
    refusal: /envelope/u,
  },
  {
    what: "its window under an escaped name",
    change: (line) => rehash(line, (text) => `${text},"w\\u0069ndow":"W0-01"`),
    refusal: /envelope/u,
  },
  {
    what: "its record twice",
    change: (line) => rehash(line, (text) => `${text},"record":"row_undone"`),
    refusal: /envelope/u,
  },
  {
    what: "what is no JSON",
    row: { ...OWN, text: "x" },
    change: (line) => rehash(line, (text) => text.replace('"x"', '"\\u00zz"')),
    refusal: /no JSON|invalid/u,
  },
  {
    what: "the end of a segment that goes on",
    row: { record: "segment-end", rows: 99 },
    refusal: /not the row that follows/u,
  },
];

/** Tries to add a row as the holder of W0-02. */
async function add({ url, mallory }: Stage, bad: Omit<BadRow, "what" | "refusal">) {
  const { file = "windows", row = OWN, change = (line: string) => line } = bad;
  await withClient(asUser(url, "mallory"), async (client) => {
    const line = change(await nextLine(client, file, row));
    await addLines(client, mallory.claim, [{ file, line }]);
  });
}

describe.skipIf(!HAS_POSTGRES)(`a bad worker's rows${WITHOUT}`, () => {
  const stage = useStage();

  it("are taken if they are of the window that it holds", async () => {
    await add(stage(), {});
    const [row] = await query<{ window_name: string; record: string }>(
      stage().url,
      "select window_name, record from counterbalance.ledger_rows order by seq desc limit 1",
    );
    expect(row).toEqual({ window_name: "W0-02", record: "window_interrupted" });
  });

  it("are refused if they are anything else", async () => {
    const taken: string[] = [];
    for (const { what, refusal, ...bad } of BAD_ROWS) {
      const reason = await add(stage(), bad).then(() => "", String);
      if (!refusal.test(reason)) taken.push(`${what}: ${reason}`);
    }
    expect(taken).toEqual([]);
  });

  it("can't add a row that follows another one, or one of another time", async () => {
    await withClient(asUser(stage().url, "mallory"), async (client) => {
      const { seq, h } = await endOf(client, "windows");
      const lines = [
        lineAfter({ seq, h: h.replaceAll(/./gu, "A") }, { file: "windows", row: OWN }),
        lineAfter({ seq: seq + 1, h }, { file: "windows", row: OWN }),
        lineAfter({ seq: seq - 1, h }, { file: "windows", row: OWN }),
        lineAfter(
          { seq, h },
          { file: "windows", row: OWN, recordedAt: "2020-01-01T00:00:00.000Z" },
        ),
        lineAfter(
          { seq, h },
          { file: "windows", row: OWN, recordedAt: "2099-01-01T00:00:00.000Z" },
        ),
      ];
      for (const line of lines) {
        const adding = addLines(client, stage().mallory.claim, [{ file: "windows", line }]);
        await expect(adding).rejects.toThrow(/not the row that follows|not now/u);
      }
    });
  });

  it("can't use the id of a row in any file", async () => {
    const [taken] = await query<{ id: string }>(
      stage().url,
      "select id from counterbalance.ledger_rows",
    );
    const row = { ...OWN, record: "anomaly_recorded", id: taken?.id ?? "" };
    await expect(add(stage(), { file: "anomalies", row })).rejects.toThrow(/one with its id/u);
  });
});

describe.skipIf(!HAS_POSTGRES)(`rows that are changed at random${WITHOUT}`, () => {
  const stage = useStage();

  // The stage verifies the ledger after it.
  it("are refused, or can be read as every other one", async () => {
    const { url, mallory } = stage();
    const draw = drawFrom(31);
    const counts = { taken: 0, refused: 0 };
    const row = { ...OWN, text: 'a "quoted" \\ text\n', list: [1, { n: null }], amount: 1.5 };
    await withClient(asUser(url, "mallory"), async (client) => {
      for (let index = 0; index < CHANGES; index += 1) {
        const line = await nextLine(client, "windows", row);
        const changed = rehash(line, (text) => changeSomewhere(text, draw));
        const adding = addLines(client, mallory.claim, [{ file: "windows", line: changed }]);
        counts[
          await adding.then(
            () => "taken" as const,
            () => "refused" as const,
          )
        ] += 1;
      }
    });
    expect(counts.taken).toBeGreaterThan(CHANGES / 20);
    expect(counts.refused).toBeGreaterThan(CHANGES / 20);
  });
});

const CHANGES = 400;
const PIECES = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\u",
  "\\u0000",
  "\\ud800",
  "0",
  "e9",
  " ",
  "\t",
  "\r",
  "\n",
  "é",
  "😀",
  "-",
  ',"window":"W0-01"',
  ',"seq":1',
];

function changeSomewhere(text: string, draw: ReturnType<typeof drawFrom>): string {
  const at = draw.between(0, text.length);
  const cut = draw.between(0, 2);
  return text.slice(0, at) + draw.oneOf([...PIECES, ""]) + text.slice(at + cut);
}

/** Changes a line and gives it the hash that it needs then. */
function rehash(line: string, change: (text: string) => string): string {
  const text = change(line.slice(0, -51));
  const h = createHash("sha256").update(text).digest("base64url");
  return `${text},"h":"${h}"}`;
}
