import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import type { LedgerFile } from "../ledger/domain/ledger-file.ts";
import type { Row } from "../ledger/domain/row.ts";
import { openJsonlStore } from "../ledger/store/open-jsonl-store.ts";
import { drawFrom } from "../ledger/store/test-support/draw.ts";
import { flipBit } from "../ledger/store/test-support/flip-bit.ts";
import { systemClock } from "../runner/platform/environment/environment.ts";
import { toolVersion } from "../runner/platform/environment/package-folder.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { addRow } from "./support/corrections.ts";
import { cutUnnoticed, damage, tearLastWrite } from "./support/damage-ledger.ts";
import { runKept } from "./support/kept-runs.ts";
import { keepLedger, labOf, ledgerText, type Refusal } from "./support/lab.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** So many are enough to name a row by. */
const ID_PREFIX_CHARS = 8;

const LEDGER = ".experiment/ledger";
const HOUR_MS = 3_600_000;

/** Every command that reads the ledger, with what it needs to get there. */
const READING_COMMANDS = [
  "preview",
  "report",
  "gate",
  "run",
  "run --resume",
  "run --resume --dry-run",
  "run --retry-missing",
  "clean",
  "audit --window W0-01",
  "backlog list",
  "backlog ready search",
  "proxy",
  "override --phase before --meter 5h --used 1 --window M1 --provider p",
  "complete --feature f --outcome pass --window M1 --provider p",
  "churn --commit-start HEAD --commit-end HEAD --window M1 --provider p",
  "undo",
  "ledger verify",
  "ledger checkpoint",
  "ledger query SELECT\\ 1",
  "ledger export --to csv --out out",
  "ledger export --to jsonl --out out",
];

const Explained = z.object({ rows: z.array(z.object({ file: z.string(), id: z.string() })) });

Given("the ledger of a run", async function (this: ExperimentWorld) {
  this.write("experiment.yaml", smallExperiment());
  await runKept(this, "--command-budget /implement=0");
  this.isExitCodeSeen = true;
  keepLedger(this);
});

Given(
  "the file {string} has {string}",
  function (this: ExperimentWorld, name: string, what: string) {
    damage(this, name, what);
    keepLedger(this);
  },
);

Given("a kill tore the last write to {string}", function (this: ExperimentWorld, name: string) {
  labOf(this).tornBytes = tearLastWrite(this, name);
});

Given("a checkpoint is kept in {string}", async function (this: ExperimentWorld, name: string) {
  await this.run("experiment ledger checkpoint --json");
  this.write(name, this.last.stdout);
  keepLedger(this);
});

Given("the ledger is replaced by another one", async function (this: ExperimentWorld) {
  rmSync(this.file(LEDGER), { recursive: true });
  await this.run("experiment backlog ready another");
  keepLedger(this);
});

Given(
  "the file {string} of another ledger lies in it",
  async function (this: ExperimentWorld, name: string) {
    await this.run("experiment backlog ready another --data-dir other");
    cpSync(this.file(`other/ledger/${name}`), this.file(`${LEDGER}/${name}`));
    keepLedger(this);
  },
);

Given("the ledger has no rows yet", async function (this: ExperimentWorld) {
  rmSync(this.file(LEDGER), { recursive: true });
  const parts = { agentId: "spec", toolVersion: toolVersion(), clock: systemClock };
  await (await openJsonlStore({ folder: this.file(LEDGER), ...parts })).close();
  keepLedger(this);
});

Given(
  "a feature was added when the clock was an hour ahead",
  async function (this: ExperimentWorld) {
    const aheadMs = systemClock.nowMs() + HOUR_MS;
    const store = await openJsonlStore({
      folder: this.file(LEDGER),
      clock: { nowMs: () => aheadMs, monotonicMs: () => 0 },
      agentId: "spec",
      toolVersion: toolVersion(),
    });
    await store.append("backlog", [{ record: "feature_ready", feature_id: "early" }]);
    await store.close();
  },
);

Given(
  "a later version has added to {string}:",
  async function (this: ExperimentWorld, file: LedgerFile, row: string) {
    await addRow(this, file, JSON.parse(row));
    keepLedger(this);
  },
);

Given(
  "a row of {string} has the id of the first row of {string}",
  async function (this: ExperimentWorld, file: LedgerFile, other: LedgerFile) {
    const first = this.rows(other)[0];
    const experiment_id = first?.["experiment_id"];
    await addRow(this, file, { record: "moon_phase", id: String(first?.id), experiment_id });
    keepLedger(this);
  },
);

Given(
  "a row of {string} that can't be read has an id that begins as that of the first row of {string}",
  async function (this: ExperimentWorld, file: LedgerFile, other: LedgerFile) {
    const id = `${this.rows(other)[0]?.id.slice(0, ID_PREFIX_CHARS) ?? ""}-other`;
    await addRow(this, file, { record: "window_finalized", schema_version: "1.0", id });
    keepLedger(this);
  },
);

When(
  "{int} bits of the ledger are flipped one by one, each before another command",
  async function (this: ExperimentWorld, count: number) {
    const names = readdirSync(this.file(LEDGER));
    const fileOf = (name: string) => this.file(`${LEDGER}/${name}`);
    const draw = drawFrom(1);
    const refusals: Refusal[] = [];
    for (let round = 0; round < count; round += 1) {
      const name = draw.oneOf(names.filter((each) => statSync(fileOf(each)).size > 0));
      const command = READING_COMMANDS[round % READING_COMMANDS.length] ?? "preview";
      const file = fileOf(name);
      const whole = readFileSync(file);
      const bit = draw.below(8 * whole.length);
      const flipped = flipBit(whole, bit);
      writeFileSync(file, flipped);
      await this.run(`experiment ${command}`);
      const { exitCode } = this.last;
      const isUnchanged =
        readFileSync(file).equals(flipped) &&
        isDeepStrictEqual(readdirSync(this.file(LEDGER)), names);
      refusals.push({ command, name, bit, exitCode, isUnchanged });
      writeFileSync(file, whole);
      rmSync(this.file("out"), { recursive: true, force: true });
    }
    this.isExitCodeSeen = true;
    labOf(this).refusals = refusals;
  },
);

Then(
  "each time the ledger is refused with exit code {int}, and no other byte of it has changed",
  function (this: ExperimentWorld, exitCode: number) {
    assertRefused(this, exitCode);
    assertUnchanged(this);
  },
);

function assertRefused(world: ExperimentWorld, exitCode: number): void {
  const refusals = atLeastOne(labOf(world).refusals ?? []);
  assert.deepEqual(
    refusals.filter((one) => one.exitCode !== exitCode),
    [],
  );
}

function assertUnchanged(world: ExperimentWorld): void {
  assert.ok(labOf(world).refusals?.every(({ isUnchanged }) => isUnchanged));
  assert.deepEqual(ledgerText(world), labOf(world).ledgerBefore);
}

Then(
  "it shows the budgets that it shows without the last row of {string}",
  async function (this: ExperimentWorld, name: string) {
    const shown = budgetsIn(this.last.stdout);
    cutUnnoticed(this, name);
    await this.run("experiment preview");
    assert.equal(shown, budgetsIn(this.last.stdout));
  },
);

Then("the torn bytes are in the quarantine", function (this: ExperimentWorld) {
  const [name = "none", ...others] = readdirSync(this.file(`${LEDGER}/quarantine`));
  assert.deepEqual(others, []);
  assert.equal(this.read(`${LEDGER}/quarantine/${name}`), labOf(this).tornBytes);
});

Then(
  "the ledger's files are unchanged, except for:",
  function (this: ExperimentWorld, added: DataTable) {
    const now = ledgerText(this);
    for (const [name, text] of atLeastOne(Object.entries(labOf(this).ledgerBefore ?? {}))) {
      const isAdded = added.raw().flat().includes(name);
      assert.ok(isAdded ? now[name]?.startsWith(text) : now[name] === text, name);
    }
  },
);

Then("{string} holds the ledger byte for byte", function (this: ExperimentWorld, folder: string) {
  for (const [name, text] of atLeastOne(Object.entries(labOf(this).ledgerBefore ?? {}))) {
    const copy = `${folder}/${name}`;
    // A file without rows may be absent.
    assert.equal(this.exists(copy) ? this.read(copy) : "", text, name);
  }
});

Then("the folder {string} is not there", function (this: ExperimentWorld, folder: string) {
  const left = readdirSync(this.folder).filter((name) => name.startsWith(folder));
  assert.deepEqual(left, []);
});

Then(
  "the file {string} has the line:",
  function (this: ExperimentWorld, name: string, cells: DataTable) {
    const lines = this.read(name).split("\r\n");
    const wanted = cells.raw().flat();
    const found = lines.some((line) => wanted.every((cell) => line.includes(cell)));
    assert.ok(found, lines.join("\n"));
  },
);

Then(
  "{string} has a Parquet file for each record",
  function (this: ExperimentWorld, folder: string) {
    const lines = Object.values(ledgerText(this)).flatMap((text) => text.trim().split("\n"));
    const rows = lines.filter((line) => line !== "").map((line): Row => JSON.parse(line));
    const records = new Set(rows.map(({ record }) => `${record}.parquet`));
    const names = readdirSync(this.file(folder));
    assert.deepEqual(names.toSorted(), [...records].toSorted());
    for (const name of atLeastOne(names)) assert.match(this.read(`${folder}/${name}`), /^PAR1/);
  },
);

/** The block of a preview that says what budgets took, without marks. */
function budgetsIn(preview: string): string {
  const blocks = preview.replaceAll(/(?: *†[\d,]+)? +| *†[\d,]+/gu, " ").split("\n\n");
  const block = blocks.find((one) => one.startsWith("Budgets"));
  assert.ok(block, `No budgets are shown:\n${preview}`);
  return block.replaceAll(/ +\n/gu, "\n").trimEnd();
}

Then(
  "it names rows of {string}, and each is in the ledger",
  function (this: ExperimentWorld, file: LedgerFile) {
    const explained = Explained.parse(JSON.parse(this.last.stdout));
    assert.notEqual(explained.rows.length, 0);
    const ids = new Set(this.rows(file).map(({ id }) => id));
    for (const row of explained.rows) {
      assert.equal(row.file, file);
      assert.ok(ids.has(row.id), row.id);
    }
  },
);

Then("it prints the id of each final row", function (this: ExperimentWorld) {
  const finals = this.rowsOf("windows", "window_finalized");
  assert.notEqual(finals.length, 0);
  for (const { id } of finals) assert.ok(this.last.stdout.includes(id), this.last.stdout);
});
