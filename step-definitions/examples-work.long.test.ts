import { chmodSync, cpSync, writeFileSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";

import { EXIT } from "../ledger/domain/exit-codes.ts";
import { COMMAND_GROUPS } from "../runner/cli/command-groups.ts";
import type { CommandDefinition } from "../runner/cli/definition.ts";
import { copyOf } from "./option-effects/folders.ts";
import { gitIn } from "./support/git-facts.ts";
import { BUILTIN_BANK } from "./support/own-bank.ts";

const OWN_ID = "it names an id or a commit of the reader's own";
const SERVES = "it serves until Ctrl-C, as features/proxy shows";
const MINUTES = "it takes minutes, and features/providers and features/analysis run it smaller";
const OWN_FILES = "it reads files or a repository of the reader's own";

/** Examples that a reader can't paste unchanged, or a test can't wait for, and why. */
const A_STORE = "it needs a database, as features/workers shows";
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "run --extend db7db446cd01": OWN_ID,
  "preview --experiment b7fcc0f87fac": OWN_ID,
  "undo --id 3f2a9c10 --reason 'wrong pane'": OWN_ID,
  "task import --path services/api --commit 3f2a91c": OWN_ID,
  "churn --window W0-07 --repo ../project": OWN_FILES,
  "churn --window W0-07 --repo ../project --plan plan.md": OWN_FILES,
  "task import --repo ../our-parser --since 2026-01-01": OWN_FILES,
  "prices refresh --from model_prices_and_context_window.json --out prices.yaml": OWN_FILES,
  "prices refresh --from https://models.dev/api.json --out prices.yaml":
    "it needs the internet, as features/budgets/prices shows",
  "task import": OWN_FILES,
  doctor: "its answer is the machine's, as features/isolation/doctor shows",
  "run --overall-cost-budget 25": "it needs a configuration whose models have prices",
  view: "it serves until Ctrl-C, as features/reports/page shows",
  "view --open": "it serves until Ctrl-C, as features/reports/page shows",
  "view --port 8123": "it serves until Ctrl-C, as features/reports/page shows",
  "snapshot after claude --window W0-07 --run": "it needs an account with limits",
  "snapshot after codex --window W0-07 --tmux work:0.1": "it needs a session of tmux",
  "ingest claude-session ~/.claude/projects --by-time": OWN_FILES,
  "ingest codex-rollout ~/.codex/sessions --window W0-07": OWN_FILES,
  "ingest codex-exec --stdin --window W0-07":
    "it reads what an agent prints, as features/sources/ingest shows",
  "ingest otlp --listen 127.0.0.1:4318 --by-time":
    "it receives until Ctrl-C, as features/sources/otlp shows",
  "schedule import calendar.ics": OWN_FILES,
  "schedule run": "it runs until Ctrl-C, as features/schedule shows",
  "compare --baseline codex --candidate glm":
    "it needs providers of these names, as features/reports/compare shows",
  "compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl": OWN_FILES,
  "proxy --config experiment.yaml": SERVES,
  "proxy --provider claude --window W0-07": SERVES,
  "proxy --record recording": SERVES,
  "proxy --replay recording": SERVES,
  "proxy status --json": SERVES,
  "task check --bank my-tasks": MINUTES,
  "task check --mutants lru-cache": MINUTES,
  "task check --attack lru-cache": MINUTES,
  "task check --changed --seed 42": MINUTES,
  "ledger import copy --store postgres://me@db/ledger": A_STORE,
  "ledger import .experiment --store postgres://me@db/ledger": A_STORE,
  "doctor --store postgres://me@db/trials --workers 20": A_STORE,
  "worker --store postgres://worker@db/trials": A_STORE,
  "worker --store postgres://worker@db/trials --slots 4 --metrics 9464": A_STORE,
  "watch --store postgres://reader@db/trials": A_STORE,
  "watch --store postgres://reader@db/trials --once --json": A_STORE,
  simulate: MINUTES,
  "simulate --cell coverage-12 --experiments 10000": MINUTES,
};

const PLANNED =
  "experiment schedule add W0-07 --start 2026-10-26T10:00 --end 2026-10-26T15:00 --provider codex";

/** What has to happen before an example, as a reader of the help would see. */
const BEFORE: Readonly<Record<string, string>> = {
  "schedule list --json": PLANNED,
  "schedule next": PLANNED,
  "schedule export --out windows.ics": PLANNED,
  "schedule run --once": PLANNED,
  init: "rm experiment.yaml",
  "init --yes": "rm experiment.yaml",
  "run --seed 42": "cp kept.yaml experiment.yaml",
  "snapshot cross codex --window W0-09 --file pane.txt":
    "experiment snapshot after codex --window W1-02 --file pane.txt && experiment snapshot before codex --window W0-08 --file pane.txt",
  "undo --window W0-07 --phase after": "experiment undo",
  "ledger import copy --data-dir restored":
    "rm -rf copy && experiment ledger export --to jsonl --out copy",
  "ledger verify --anchor anchor.json": "experiment ledger checkpoint --json > anchor.json",
  "preview --config other.yaml": "experiment run --config other.yaml",
};

/** Exit codes other than 0 that say what was asked. */
const ANSWERS: Readonly<Record<string, number>> = {
  gate: EXIT.stayLean,
  "gate --junit gate.xml || exit 1": EXIT.failed,
  "audit --window W0-07": EXIT.failed,
  "audit --window W0-07 --experiment manual": EXIT.failed,
};

const LINES = COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap(linesOf));

function linesOf({ examples = [], commands = [] }: CommandDefinition): readonly string[] {
  return [...examples.map(([line]) => line), ...commands.flatMap(linesOf)];
}

let folder = "";

beforeAll(async () => {
  folder = await copyOf("worked");
  const program = path.join(folder, "experiment");
  const main = path.resolve("dist/runner/cli/experiment.cjs");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(program, 0o755);
  cpSync(path.join(folder, "experiment.yaml"), path.join(folder, "kept.yaml"));
  cpSync(path.join(BUILTIN_BANK, "lru-cache"), path.join(folder, "my-tasks/lru-cache"), {
    recursive: true,
  });
  writeFileSync(path.join(folder, "package.json"), '{ "scripts": { "test": "node --test" } }');
  writeFileSync(path.join(folder, "windows.csv"), WINDOWS);
  const commit = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q"];
  writeFileSync(path.join(folder, "one.test.js"), "import test from 'node:test';\n");
  await gitIn(folder, ["init", "--quiet"]);
  await gitIn(folder, ["add", "package.json", "one.test.js"]);
  await gitIn(folder, [...commit, "--allow-empty", "-m", "Begin"]);
  await gitIn(folder, [...commit, "--allow-empty", "-m", "Go on"]);
});

const WINDOWS = `feature,replicate,provider,period,cost,quality
one,1,claude,1,20,1
one,1,codex,2,10,1
two,1,codex,1,11,1
two,1,claude,2,19,1
`;

async function inShell(line: string) {
  return await execa("sh", ["-c", line], {
    cwd: folder,
    env: { PATH: [folder, process.env["PATH"]].join(path.delimiter) },
    reject: false,
    all: true,
    stdin: "ignore",
  });
}

test("every exception is an example", () => {
  const named = [...Object.keys(EXCEPTIONS), ...Object.keys(BEFORE), ...Object.keys(ANSWERS)];
  expect(named.filter((line) => !LINES.includes(line))).toEqual([]);
});

test.each(LINES.filter((line) => !Object.hasOwn(EXCEPTIONS, line)))(
  "experiment %s",
  async (line) => {
    const prepared = await inShell(BEFORE[line] ?? "true");
    const ran = await inShell(`experiment ${line}`);
    const expected = { before: EXIT.done, exitCode: ANSWERS[line] ?? EXIT.done };
    expect({ before: prepared.exitCode, exitCode: ran.exitCode, all: ran.all }).toMatchObject(
      expected,
    );
  },
);
