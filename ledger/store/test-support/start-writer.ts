import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";

import type { WriterOrders } from "./writer-orders.ts";

const WRITER = fileURLToPath(import.meta.resolve("./writer-process.ts"));
const END_WITHIN_MS = 60_000;

/** A process that writes to a ledger. */
export interface Writer {
  readonly process: ChildProcess;
  /** Resolves when the process has opened the ledger, or has ended. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, to the ids that it said were acknowledged. */
  readonly ended: Promise<readonly string[]>;
  /** What it complained of. */
  readonly complaints: () => string;
}

export function startWriter(orders: WriterOrders): Writer {
  const child = spawn(execPath, [WRITER, JSON.stringify(orders)], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: END_WITHIN_MS,
    killSignal: "SIGKILL",
  });
  let said = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const closed = once(child, "close");
  const firstWord = once(child.stdout, "data");
  return {
    process: child,
    ready: Promise.race([firstWord, closed]).then(() => undefined),
    ended: closed.then(() => wholeLines(said).filter((line) => line !== "ready")),
    complaints: () => complaints,
  };
}

/** A process that was killed may leave half an id behind. */
function wholeLines(text: string): readonly string[] {
  return text.split("\n").slice(0, -1);
}
