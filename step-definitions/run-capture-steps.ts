import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";

import { timestampOf } from "../ledger/domain/timestamp.ts";
import { systemClock } from "../runner/platform/environment/environment.ts";
import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { listProcesses } from "../runner/platform/processes/list-processes.ts";
import { runProcess, COMMAND } from "./support/run-process.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const PROGRAM = "dist/step-definitions/programs/scripted-cli.js";
const MINUTE_MS = 60_000;
const HOUR_SECONDS = 3600;

/** The file into which a scripted program writes the numbers of its processes. */
const pidFileOf = (world: ExperimentWorld) => world.file("pids.txt");

Given(
  /^a (codex|claude) ?(.*) is installed$/,
  function (this: ExperimentWorld, name: string, what: string) {
    const folder = this.file("programs");
    mkdirSync(folder, { recursive: true });
    const behaviour = [name, what].join(" ").trim();
    const program = path.join(packageFolder(), PROGRAM);
    const line = [process.execPath, program, pidFileOf(this), behaviour];
    const words = line.map((word) => `'${word}'`).join(" ");
    writeFileSync(path.join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(path.join(folder, name), 0o755);
    this.variables["PATH"] = [folder, process.env["PATH"]].join(path.delimiter);
    this.variables["CODEX_HOME"] = this.file("codex-home");
    this.variables["TZ"] = "UTC";
  },
);

Given(
  "Codex wrote its limits into a session log {int} minutes ago",
  function (this: ExperimentWorld, minutes: number) {
    writeRollout(this, minutes, {
      limit_id: "codex",
      primary: { used_percent: 13, window_minutes: 10_080, resets_in_seconds: HOUR_SECONDS },
      secondary: { used_percent: 0, window_minutes: 0, resets_at: 0 },
    });
  },
);

function writeRollout(world: ExperimentWorld, minutes: number, limits: object): void {
  const atMs = systemClock.nowMs() - minutes * MINUTE_MS;
  const folder = path.join(world.file("codex-home"), "sessions/2025/10/19");
  mkdirSync(folder, { recursive: true });
  const payload = { type: "token_count", info: null, rate_limits: limits };
  const lines = [
    { timestamp: timestampOf(atMs), type: "session_meta", payload: { id: "s1" } },
    { timestamp: timestampOf(atMs), type: "event_msg", payload },
  ].map((line) => JSON.stringify(line));
  const file = path.join(folder, "rollout-2025-10-19T10-00-00-s1.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  utimesSync(file, atMs / 1000, atMs / 1000);
}

When(
  /^(codex|claude) is captured unattended before "([^"]+)"(?: with "([^"]+)")?$/,
  async function (this: ExperimentWorld, source: string, window: string, options: string | null) {
    const words = ["snapshot", "before", source, "--window", window, "--run"];
    const given = options === null ? ["--wait", "240"] : options.split(" ");
    this.last = await runProcess(this, [process.execPath, COMMAND, ...words, ...given]);
  },
);

Then("no process of it is left", async function (this: ExperimentWorld) {
  const pids = readFileSync(pidFileOf(this), "utf8").trim().split("\n").map(Number);
  assert.ok(pids.length > 0 && pids.every((pid) => pid > 0), pids.join(" "));
  await waitUntil(
    () => pids.every((pid) => !isAlive(pid)),
    () => pids.filter(isAlive).join(" "),
  );
});

/** A process that has ended but was not yet waited for is not alive. */
function isAlive(pid: number): boolean {
  const file = `/proc/${String(pid)}/stat`;
  if (!existsSync(file)) return false;
  try {
    return !/\) [ZX] /u.test(readFileSync(file, "latin1"));
  } catch {
    return false;
  }
}

Then("the program was not started", function (this: ExperimentWorld) {
  assert.ok(!existsSync(pidFileOf(this)));
});

Given("its home knows this folder and no account", function (this: ExperimentWorld) {
  const claude = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: ["dummy"], rejected: [] },
    projects: { [this.folder]: { hasTrustDialogAccepted: true } },
  };
  this.write("home/.claude/.claude.json", JSON.stringify(claude));
  const codex = [
    'model = "gpt-6-sol"',
    'model_provider = "local"',
    "check_for_update_on_startup = false",
    "[analytics]\nenabled = false",
    "[features]\nplugins = false",
    "[model_providers.local]",
    'name = "local"\nbase_url = "http://127.0.0.1:9/v1"',
    'wire_api = "responses"\nenv_key = "LOCAL_API_KEY"',
    `[projects."${this.folder}"]\ntrust_level = "trusted"`,
  ];
  this.write("home/.codex/config.toml", `${codex.join("\n")}\n`);
  const home = this.file("home");
  Object.assign(this.variables, {
    HOME: home,
    CLAUDE_CONFIG_DIR: path.join(home, ".claude"),
    CODEX_HOME: path.join(home, ".codex"),
    LOCAL_API_KEY: "dummy",
    ANTHROPIC_API_KEY: "dummy",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
  });
});

Then("no process with this home is left", async function (this: ExperimentWorld) {
  const home = this.file("home");
  const living = async () =>
    (await listProcesses("HOME")).filter(({ values }) => values.includes(home));
  await waitUntil(async () => (await living()).length === 0);
});
