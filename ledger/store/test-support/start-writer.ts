import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { env, execPath } from "node:process";

import { type Deeds, parseDeeds } from "./deeds.ts";
import type { WriterOrders } from "./writer-orders.ts";

const WRITER = join(import.meta.dirname, `writer-process${extname(import.meta.filename)}`);
const END_WITHIN_MS = 300_000;

/** A process that writes to a ledger. */
export interface Writer {
  readonly process: ChildProcess;
  /** Resolves when the process has opened the ledger, or has ended. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, to what it said that it did. */
  readonly ended: Promise<Deeds>;
  /** What it complained of. */
  readonly complaints: () => string;
}

/** `cacheFolder` keeps compiled code from one process to the next, which then starts in a third of the time. */
export function startWriter(orders: WriterOrders, cacheFolder?: string): Writer {
  const log = openNameless();
  const child = spawn(execPath, [WRITER, JSON.stringify(orders)], {
    stdio: ["ignore", log, "pipe", "pipe"],
    env: { ...env, ...(cacheFolder !== undefined && { NODE_COMPILE_CACHE: cacheFolder }) },
    timeout: END_WITHIN_MS,
    killSignal: "SIGKILL",
  });
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const closed = once(child, "close");
  const signs = child.stdio[3];
  const firstSign = signs instanceof EventEmitter ? once(signs, "data") : closed;
  return {
    process: child,
    ready: Promise.race([firstSign, closed]).then(() => undefined),
    ended: closed.then(() => parseDeeds(readAndClose(log))),
    complaints: () => complaints,
  };
}

/** A file, not a pipe: a writer never waits for its reader, and what it said outlives its kill. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), "writer-"));
  const fd = openSync(join(folder, "log"), "wx+");
  rmSync(folder, { recursive: true });
  return fd;
}

function readAndClose(fd: number): string {
  const bytes = Buffer.alloc(fstatSync(fd).size);
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  return bytes.toString();
}
