import { utimesSync } from "node:fs";

import { expect, it } from "vitest";

import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { readNewestRollout } from "../../../tracker/capture/newest-rollout.ts";
import { CommandLab } from "../../test-support/command-lab.ts";

const MINUTE_MS = 60_000;

/** Logs of Codex that were written so many minutes ago. */
class LogLab extends CommandLab {
  log(minutes: number, used: number, { name = `rollout-${used}.jsonl`, before = "" } = {}): void {
    const atMs = this.clock.nowMs() - minutes * MINUTE_MS;
    const limits = {
      limit_id: "codex",
      primary: { used_percent: used, window_minutes: 10_080, resets_in_seconds: 3600 },
    };
    const payload = { type: "token_count", info: null, rate_limits: limits };
    const line = { timestamp: timestampOf(atMs), type: "event_msg", payload };
    const file = this.file(`.codex/sessions/2025/10/19/${name}`, before, line);
    utimesSync(file, atMs / 1000, atMs / 1000);
  }

  async newest(variables = this.environment().variables) {
    return await readNewestRollout({ variables, clock: this.clock });
  }
}

it("The newest fresh limits are read, wherever CODEX_HOME has them", async () => {
  const lab = new LogLab();
  expect(await lab.newest()).toBeUndefined();
  lab.log(4, 13);
  lab.log(2, 15);
  expect(await lab.newest()).toMatch(/^\{.*"used_percent":15.*\}\n$/);
  expect(await lab.newest({ CODEX_HOME: `${lab.folder}/.codex` })).toContain('"used_percent":15');
  expect(await lab.newest({ CODEX_HOME: lab.folder })).toBeUndefined();
});

it("Old limits and other files are left alone", async () => {
  const lab = new LogLab();
  lab.log(16, 13);
  lab.log(1, 20, { name: "history.jsonl" });
  lab.log(1, 21, { name: "rollout-1.jsonl.bak" });
  expect(await lab.newest()).toBeUndefined();
});

it("Limits are found at the end of a long log", async () => {
  const lab = new LogLab();
  lab.log(1, 33, { before: "x".repeat(1_500_000) });
  expect(await lab.newest()).toContain('"used_percent":33');
});
