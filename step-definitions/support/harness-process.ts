import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import type { CommandEnd } from "./command-run.ts";
import { COMMAND } from "./run-process.ts";
import { waitUntil } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

interface HarnessPlace {
  /** Besides those of the scenario. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The program's main file; by default the built one. */
  readonly program?: string;
}

/** The command as a process of its own, as a user starts it. */
export class HarnessProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #printed = { stdout: "", stderr: "" };

  constructor(
    args: readonly string[],
    world: ExperimentWorld,
    { variables = {}, program = COMMAND }: HarnessPlace = {},
  ) {
    this.#child = spawn(process.execPath, [program, ...args], {
      cwd: world.folder,
      env: { ...world.variables, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = once(this.#child, "exit");
    for (const stream of ["stdout", "stderr"] as const) {
      this.#child[stream]?.setEncoding("utf8").on("data", (text: string) => {
        this.#printed[stream] += text;
      });
    }
    world.cleanups.push(() => this.kill());
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As a reader that has seen enough does, e.g. `head -1`. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded()) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async ended(): Promise<CommandEnd> {
    await this.#exited;
    return { exitCode: this.#child.exitCode ?? -1, ...this.#printed };
  }

  /** What it has printed so far, stdout and stderr together. */
  printed(): string {
    return this.#printed.stdout + this.#printed.stderr;
  }

  /** Waits until something can be seen; a process that ends before is a failure of the spec. */
  async waitUntil(isSeen: () => boolean): Promise<void> {
    let hasSeen = false;
    const isOver = () => (hasSeen = isSeen()) || this.#hasEnded();
    await waitUntil(isOver, () => this.#printed.stderr);
    if (!hasSeen) throw new Error(`It was not seen before the run's end:\n${this.#printed.stderr}`);
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
