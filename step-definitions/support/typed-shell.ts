import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

import { COMMAND } from "./run-process.ts";
import { waitUntil } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

const PROMPT = "> ";

/** How each shell starts without the user's files, and how it reads what a command prints. */
export const SHELLS = {
  bash: {
    args: ["--noprofile", "--norc", "-i"],
    setUp: [
      `PS1='${PROMPT}'`,
      "bind 'set bell-style none'",
      "source <(experiment completion bash)",
    ],
  },
  zsh: {
    args: ["-f", "-i"],
    setUp: [
      `PS1='${PROMPT}'`,
      "unsetopt zle_bracketed_paste prompt_cr",
      "autoload -Uz compinit && compinit -u -D",
      "source <(experiment completion zsh)",
    ],
  },
  fish: {
    args: ["--no-config", "--interactive"],
    setUp: [
      `function fish_prompt; printf '${PROMPT}'; end`,
      "set -g fish_autosuggestion_enabled 0",
      "experiment completion fish | source",
    ],
  },
} as const;

const COLUMNS = 200;
const CLEAR_LINE = "\u0015";

/** A real shell under a terminal, which has read the program's script. */
export class TypedShell {
  readonly #terminal = new xterm.Terminal({ cols: COLUMNS, rows: 50, allowProposedApi: true });
  readonly #child: IPty;

  constructor(world: ExperimentWorld, name: keyof typeof SHELLS) {
    const programs = world.file("programs");
    mkdirSync(programs);
    const program = path.join(programs, "experiment");
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`);
    chmodSync(program, 0o755);
    this.#child = spawn(name, [...SHELLS[name].args], {
      cwd: world.folder,
      cols: COLUMNS,
      rows: 50,
      env: {
        ...process.env,
        PATH: [programs, process.env["PATH"]].join(path.delimiter),
        HOME: world.folder,
        TERM: "xterm-256color",
      },
    });
    this.#child.onData((text) => this.#terminal.write(text));
    world.cleanups.push(() => this.#child.kill("SIGKILL"));
  }

  async setUp(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#child.write(`${line}; printf '%s%s\\n' rea dy; clear\r`);
    }
    await waitUntil(() => this.line() === PROMPT.trim());
  }

  /** The text on the line of the prompt. */
  line(): string {
    const { active } = this.#terminal.buffer;
    const shown = active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? "";
    return shown.trimEnd();
  }

  async complete(typed: string, expected: string): Promise<string> {
    this.#child.write(`${CLEAR_LINE}${typed}\t`);
    const wanted = `${PROMPT}${expected}`.trimEnd();
    try {
      await waitUntil(() => this.line() === wanted);
    } catch {
      // The comparison of the lines says more.
    }
    return this.line().slice(PROMPT.length);
  }
}
