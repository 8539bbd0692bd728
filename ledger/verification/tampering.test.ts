import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { genesisOf } from "../store/ledger-header.ts";
import { sealLine } from "../store/row-line.ts";
import { diskWith, FOLDER } from "../store/test-support/golden-ledger.ts";
import { openOnDisk } from "../store/test-support/open-on-disk.ts";
import type { SimulatedDisk } from "../store/test-support/simulated-disk.ts";
import type { Finding } from "./finding.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";
import { type Anchor, parseAnchor } from "./parse-anchor.ts";
import { verifyLedger } from "./verify-ledger.ts";

const LEDGER_ID = "the-ledger";

let disk: SimulatedDisk;
let anchor: Anchor;

beforeEach(async () => {
  disk = diskWith(new Map([["ledger.json", Buffer.from(`{"_v":1,"ledger_id":"${LEDGER_ID}"}\n`)]]));
  const store = await openOnDisk(disk);
  for (const n of [1, 2, 3, 4, 5])
    await store.append("windows", [{ record: "told", id: `w${n}`, n }]);
  anchor = parseAnchor("anchor.json", JSON.stringify(await makeCheckpoint(store)));
  await store.append("windows", [{ record: "told", id: "w6", n: 6 }]);
  await store.close();
});

describe("a checkpoint that a row cites", () => {
  it("is found", async () => {
    await cite();
    expect(kindsFound(anchor)).toEqual([]);
  });

  it("is missed if all checkpoints are gone", async () => {
    await cite();
    disk.process().remove(`${FOLDER}/checkpoints.jsonl`);
    expect(kindsFound()).toEqual(["checkpoint-missing"]);
  });

  it("is missed if others were made since", async () => {
    await cite();
    disk.process().remove(`${FOLDER}/checkpoints.jsonl`);
    const store = await openOnDisk(disk);
    await makeCheckpoint(store);
    await store.close();
    expect(kindsFound()).toEqual(["checkpoint-missing"]);
  });

  it("is missed if the end of the checkpoints was cut off", async () => {
    await cite();
    rewrite("checkpoints", (lines) => lines.slice(0, 1));
    expect(kindsFound()).toEqual(["checkpoint-missing"]);
  });
});

describe("seven kinds of tampering", () => {
  it("leave no finding in an untouched ledger", () => {
    expect(kindsFound(anchor)).toEqual([]);
  });

  it("1. a field is changed: the row's hash is not true any more", () => {
    rewrite("windows", (lines) => lines.with(2, at(lines, 2).replace('"n":3', '"n":9')));
    expect(kindsFound()).toEqual(["no-row"]);
  });

  it("2. a field is changed and the row hashed again: the next row does not follow it", () => {
    rewrite("windows", (lines) => lines.with(2, resealed(at(lines, 2).replace('"n":3', '"n":9'))));
    expect(kindsFound()).toEqual(["chain-broken"]);
  });

  it("3. a row is taken out", () => {
    rewrite("windows", (lines) => lines.toSpliced(2, 1));
    expect(kindsFound()).toContain("chain-broken");
  });

  it("4. two rows change places", () => {
    rewrite("windows", (lines) => lines.with(2, at(lines, 3)).with(3, at(lines, 2)));
    expect(kindsFound()).toContain("chain-broken");
  });

  it("5. a row is put in between, with a true hash and the right row before it", () => {
    rewrite("windows", (lines) => {
      const forged = resealed(at(lines, 3).replace('"id":"w4"', '"id":"w9"'));
      return lines.toSpliced(3, 0, forged);
    });
    expect(kindsFound()).toContain("chain-broken");
  });

  it("6. rows are cut off at the end: a checkpoint inside shows those that it names", () => {
    rewrite("windows", (lines) => lines.slice(0, 4));
    expect(kindsFound()).toEqual(["checkpoint-mismatch"]);
  });

  it("6b. rows and checkpoints are cut off: that takes a checkpoint kept outside", () => {
    rewrite("windows", (lines) => lines.slice(0, 4));
    rewrite("checkpoints", () => []);
    expect(kindsFound()).toEqual(["no-checkpoint"]);
    expect(kindsFound(anchor)).toEqual(["no-checkpoint", "anchor-mismatch", "anchor-mismatch"]);
  });

  it("7. the whole ledger is rewritten, with chain and checkpoints: only a checkpoint kept outside shows it", async () => {
    rewrite("windows", (lines) => rechained(lines.map((line) => line.replace('"n":3', '"n":9'))));
    rewrite("checkpoints", () => []);
    const store = await openOnDisk(disk);
    await makeCheckpoint(store);
    await store.close();
    expect(kindsFound()).toEqual([]);
    expect(kindsFound(anchor)).toEqual(["anchor-mismatch", "anchor-mismatch"]);
  });
});

describe("an id that is there twice", () => {
  it("in one file, in a chained row", () => {
    rewrite("windows", (lines) => rechained(lines.with(5, at(lines, 5).replace('"w6"', '"w2"'))));
    expect(kindsFound()).toEqual(["duplicate-id"]);
  });

  it("in two files", async () => {
    const store = await openOnDisk(disk);
    await store.append("churn", [{ record: "told", id: "w2" }]);
    await store.close();
    expect(verify().findings).toMatchObject([
      { kind: "duplicate-id", severity: "damage", file: "churn", segment: 1, offset: 0 },
    ]);
  });
});

describe("what else is found", () => {
  it("a number that was left out", () => {
    rewrite("windows", (lines) =>
      rechained(lines.with(5, at(lines, 5).replace('"seq":6', '"seq":8'))),
    );
    expect(kindsFound()).toEqual(["seq-gap"]);
  });

  it("a row with a true hash that can't be read", () => {
    rewrite("windows", (lines) => [...lines.slice(0, 5), sealLine('{"_v":1,"seq":6,oops').line]);
    expect(kindsFound()).toEqual(["unreadable-row"]);
  });

  it("a row of a later version, as a note", () => {
    rewrite("windows", (lines) => [...lines.slice(0, 5), sealLine('{"_v":2,"seq":6').line]);
    const { findings, isDamaged } = verify();
    expect({ kinds: findings.map(({ kind }) => kind), isDamaged }).toEqual({
      kinds: ["unknown-version"],
      isDamaged: false,
    });
  });

  it("a missing header, or one that names another ledger", () => {
    const header = disk.fileAt(`${FOLDER}/ledger.json`);
    header?.replace(Buffer.from('{"_v":1,"ledger_id":"another"}\n'));
    expect(kindsFound()).toEqual(["chain-broken", "chain-broken", "header"]);
    disk.change((names) => names.delete(`${FOLDER}/ledger.json`));
    expect(kindsFound()).toEqual(["header"]);
  });

  it("a missing file", () => {
    disk.change((names) => names.delete(`${FOLDER}/windows.jsonl`));
    expect(kindsFound()).toEqual(["checkpoint-mismatch"]);
  });

  it("a quarantined tail that was changed, and a file that is not the ledger's", async () => {
    const file = disk.fileAt(`${FOLDER}/windows.jsonl`);
    file?.append(Buffer.from("torn"));
    await (await openOnDisk(disk)).close();
    expect(kindsFound()).toEqual([]);
    const [name] = disk.list(`${FOLDER}/quarantine`);
    disk.fileAt(`${FOLDER}/quarantine/${name}`)?.replace(Buffer.from("tornn"));
    disk.make(join(FOLDER, "notes.txt"));
    expect(kindsFound()).toEqual(["unknown-file", "quarantine"]);
  });

  it("a torn tail, as a note, and it is left alone", () => {
    const file = disk.fileAt(`${FOLDER}/windows.jsonl`);
    file?.append(Buffer.from('{"_v":1,"seq":7'));
    const size = file?.size;
    const { findings, isDamaged } = verify();
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([["torn-tail", "note"]]);
    expect(isDamaged).toBe(false);
    expect(file?.size).toBe(size);
  });
});

describe("verification from the last checkpoint", () => {
  it("walks only what came after it", () => {
    const { files, isDamaged } = verify("from-checkpoint");
    expect(files.map(({ file, rows }) => [file, rows])).toEqual([
      ["windows", 1],
      ["checkpoints", 1],
    ]);
    expect(isDamaged).toBe(false);
  });

  it("finds what was changed after it, and that the checkpoint's own row is another", () => {
    rewrite("windows", (lines) => lines.with(5, at(lines, 5).replace('"n":6', '"n":9')));
    expect(kindsFound(undefined, "from-checkpoint")).toEqual(["no-row"]);
    rewrite("windows", (lines) => rechained(lines.map((line) => line.replace('"n":3', '"n":9'))));
    expect(kindsFound(undefined, "from-checkpoint")).toContain("checkpoint-mismatch");
  });
});

describe("an anchor", () => {
  it("of another ledger is a mismatch", () => {
    expect(kindsFound({ ...anchor, ledger_id: "another" })).toEqual(["anchor-mismatch"]);
  });

  it.each(["", "{}", '{"record":"checkpoint_made"}', "not JSON"])(
    "that is no checkpoint row is refused: %j",
    (text) => {
      expect(() => parseAnchor("anchor.json", text)).toThrow(
        /^anchor\.json: expected a checkpoint row/,
      );
      expect(() => parseAnchor("anchor.json", text)).toThrow(
        expect.objectContaining({ exitCode: 2 }),
      );
    },
  );

  it("that was changed is refused", () => {
    const changed = JSON.stringify(anchor).replace('"seq":5', '"seq":4');
    expect(changed).not.toBe(JSON.stringify(anchor));
    expect(() => parseAnchor("anchor.json", changed)).toThrow(/kept unchanged/);
  });

  it("is the last line of its file", () => {
    const line = JSON.stringify(anchor);
    expect(parseAnchor("anchor.json", `an older line\n${line}\n\n`)).toEqual(anchor);
  });
});

/** Closes a session, as a run does. */
async function cite(): Promise<void> {
  const store = await openOnDisk(disk);
  const { h: checkpoint } = await makeCheckpoint(store);
  await store.append("experiments", [{ record: "session_closed", checkpoint }]);
  await makeCheckpoint(store);
  await store.close();
}

function verify(mode: "full" | "from-checkpoint" = "full", outside?: Anchor) {
  return verifyLedger(FOLDER, { mode, anchor: outside, fileSystem: disk.process() });
}

function kindsFound(
  outside?: Anchor,
  mode?: "full" | "from-checkpoint",
): readonly Finding["kind"][] {
  return verify(mode, outside).findings.map(({ kind }) => kind);
}

function rewrite(file: string, change: (lines: readonly string[]) => readonly string[]): void {
  const stored = disk.fileAt(`${FOLDER}/${file}.jsonl`);
  const lines = (stored?.content.toString() ?? "").split("\n").slice(0, -1);
  stored?.replace(
    Buffer.from(
      change(lines)
        .map((line) => `${line}\n`)
        .join(""),
    ),
  );
}

function at(lines: readonly string[], index: number): string {
  return lines[index] ?? "";
}

function resealed(line: string): string {
  return sealLine(line.replace(/,"h":"[^"]*"\}$/, "")).line;
}

/** What a thorough forger does: every row follows the one before it again. */
function rechained(lines: readonly string[]): readonly string[] {
  let prev = genesisOf(LEDGER_ID, "windows");
  return lines.map((line) => {
    const chained = resealed(line.replace(/"prev":"[^"]*"/, `"prev":"${prev}"`));
    prev = /"h":"([^"]*)"\}$/.exec(chained)?.[1] ?? "";
    return chained;
  });
}
