import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

import type { Order, Report } from "./order.ts";

/** Whatever a mutant starts ends with its process, and no mutant can signal the processes of others. */
const ALONE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
/** The first process of a namespace has to collect those whose parents have ended. */
const COLLECTING = ["sh", "-c", '"$@"; exit $?', "sh"];

/** Runs tests in a process that is replaced if it takes too long. */
export class TestRunner {
  readonly #args: readonly string[];
  #process: Promise<ChildProcess> | undefined;

  /** @param program - The process and its arguments. */
  constructor(program: readonly string[]) {
    this.#args = ["nice", "-n", "19", process.execPath, ...program];
  }

  /** Null if the tests did not end in time, or took the process with them. */
  async run(order: Order, limitMs: number): Promise<Report | null> {
    const child = await (this.#process ??= this.#start());
    const ended = Promise.withResolvers<Report | null>();
    const timer = setTimeout(() => ended.resolve(null), limitMs);
    const isOver = () => ended.resolve(null);
    child.once("message", ended.resolve).once("exit", isOver);
    child.send(order);
    const report = await ended.promise;
    clearTimeout(timer);
    child.off("message", ended.resolve).off("exit", isOver);
    if (report === null) await this.stop();
    return report;
  }

  async stop(): Promise<void> {
    const child = await this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  async #start(): Promise<ChildProcess> {
    const [command = "", ...args] = [...alone(), ...this.#args];
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    process.once("exit", () => child.kill("SIGKILL"));
    await Promise.race([once(child, "message"), once(child, "exit")]);
    return child;
  }
}

function alone(): readonly string[] {
  const [command = "", ...args] = ALONE;
  const { status } = spawnSync(command, [...args, "true"], { stdio: "ignore" });
  return status === 0 ? [...ALONE, ...COLLECTING] : [];
}
