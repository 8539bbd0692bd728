import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";

import { Given } from "@cucumber/cucumber";
import { execa } from "execa";

import { findExecutable } from "../runner/platform/processes/find-executable.ts";
import { HANG_MS, waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "a pane {string} of tmux that shows:",
  async function (this: ExperimentWorld, pane: string, text: string) {
    const tmux = await findExecutable("tmux", process.env["PATH"]);
    if (tmux === undefined) {
      assert.notEqual(process.env["CI"], "true", "Install tmux.");
      return "skipped";
    }
    const sockets = this.file("sockets");
    mkdirSync(sockets, { mode: 0o700 });
    this.variables["TMUX_TMPDIR"] = sockets;
    this.variables["PATH"] = process.env["PATH"];
    this.variables["LC_ALL"] = "C.UTF-8";
    this.write("shown.txt", text);
    const run = async (...args: readonly string[]) =>
      await execa(tmux, args, {
        cwd: this.folder,
        env: this.variables,
        extendEnv: false,
        timeout: HANG_MS,
      });
    const [session = ""] = pane.split(":");
    const size = ["-x", "120", "-y", "30"];
    await run("-f", "/dev/null", "new-session", "-d", "-s", session, ...size, "cat shown.txt; cat");
    this.cleanups.push(async () => {
      await run("kill-server");
    });
    let screen = "";
    await waitUntil(
      async () => {
        screen = (await run("capture-pane", "-p", "-t", pane)).stdout;
        return screen.includes(text.split("\n").at(-1) ?? "");
      },
      () => screen,
    );
    return undefined;
  },
);
