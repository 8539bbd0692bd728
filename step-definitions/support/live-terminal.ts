import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import stringWidth from "fast-string-width";

import { COMMAND } from "./run-process.ts";
import { waitUntil } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

/** What the terminal showed after a piece of output. */
interface Shown {
  readonly columns: number;
  readonly lines: readonly string[];
}

/** The real command under a real pseudo-terminal, whose screen an emulator keeps. */
export class LiveTerminal {
  readonly #terminal: xterm.Terminal;
  readonly #child: IPty;
  readonly shown: Shown[] = [];
  output = "";
  exitCode: number | null = null;

  constructor(
    world: ExperimentWorld,
    args: readonly string[],
    { columns, rows, ...variables }: Readonly<Record<string, string>>,
  ) {
    const size = { cols: Number(columns), rows: Number(rows) };
    this.#terminal = new xterm.Terminal({ ...size, allowProposedApi: true, scrollback: 10_000 });
    const { CI: _, ...own } = world.variables;
    const env = { ...own, TERM: "xterm-256color", ...variables };
    this.#child = spawn(process.execPath, [COMMAND, ...args], { ...size, cwd: world.folder, env });
    this.#child.onData((text) => {
      this.output += text;
      this.#terminal.write(text, () => this.shown.push(this.#screen()));
    });
    this.#child.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
    world.cleanups.push(() => this.#child.kill("SIGKILL"));
  }

  #screen(): Shown {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: this.#terminal.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
    );
    return { columns: this.#terminal.cols, lines };
  }

  /** Waits until a screen has had a line like this. */
  async until(pattern: RegExp, from = 0): Promise<void> {
    const isShown = () =>
      this.shown.slice(from).some(({ lines }) => lines.some((line) => pattern.test(line)));
    await waitUntil(
      () => isShown() || this.exitCode !== null,
      () => `${String(pattern)} in:\n${this.shown.at(-1)?.lines.join("\n") ?? ""}`,
    );
    if (!isShown()) throw new Error(`It ended before ${String(pattern)}:\n${this.output}`);
  }

  async end(): Promise<number> {
    await waitUntil(
      () => this.exitCode !== null,
      () => this.shown.at(-1)?.lines.join("\n") ?? "",
    );
    return this.exitCode ?? -1;
  }

  type(text: string): void {
    this.#child.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#child.resize(columns, rows);
  }

  signal(name: string): void {
    process.kill(this.#child.pid, name);
  }

  /** The state letter of the process in /proc: T for a stopped one. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The widest line that any screen has shown since a moment, in columns. */
  widest(from = 0): number {
    const lines = this.shown.slice(from).flatMap((one) => one.lines);
    return Math.max(0, ...lines.map((line) => stringWidth(line)));
  }
}
