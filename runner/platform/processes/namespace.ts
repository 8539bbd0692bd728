import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";

/** The descriptor on which bubblewrap says which process is the first one of a sandbox. */
export const INFO_FD = 3;

const Info = z.looseObject({ "child-pid": z.int().positive() });
const POLL_MS = 5;
/** How long to wait for the rest of what bubblewrap says when it has ended. */
const INFO_MS = 1000;

/** The processes of a sandbox, by the first one. The kernel ends all others before it lets that one go. */
export interface Namespace {
  readonly pid: number;
  /** Tells this process from a later one with the same number. */
  readonly started: string;
}

/** What bubblewrap says about the sandbox that it makes. */
export class SandboxInfo {
  readonly #complete: Promise<void>;
  #text = "";
  #namespace: Promise<Namespace | undefined> | undefined;
  /** The number of the sandbox's first process, as soon as it is known. */
  pid: number | undefined;

  constructor(info: Readable) {
    this.#complete = new Promise((resolve) => {
      info.on("data", (chunk: Buffer) => this.#receive(String(chunk)));
      info.on("error", () => resolve()).on("close", () => resolve());
    });
  }

  /** Undefined if bubblewrap ended before it had made a sandbox. */
  async namespace(): Promise<Namespace | undefined> {
    await Promise.race([this.#complete, sleep(INFO_MS, undefined, { ref: false })]);
    return await this.#namespace;
  }

  #receive(text: string): void {
    this.#text += text;
    if (this.#namespace !== undefined || !this.#text.includes("}")) return;
    const { data } = Info.safeParse(parseJson(this.#text));
    if (data === undefined) return;
    this.pid = data["child-pid"];
    this.#namespace = identify(this.pid);
  }
}

async function identify(pid: number): Promise<Namespace | undefined> {
  const now = await look(pid).catch(() => undefined);
  return now && { pid, started: now.started };
}

/** Ends every process of a sandbox. Returns whether none is left. */
export async function endNamespace(
  { pid, started }: Namespace,
  { limitMs, nowMs }: { readonly limitMs: number; readonly nowMs: () => number },
): Promise<boolean> {
  const untilMs = nowMs() + limitMs;
  for (;;) {
    const now = await look(pid).catch(() => undefined);
    if (now === undefined || now.started !== started || now.isDead) return true;
    if (nowMs() > untilMs) return false;
    kill(pid);
    await sleep(POLL_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since it was looked at.
  }
}

const START_TIME = 19;

/** A process whose parent does not ask for its end stays in the table for ever, but it is dead. */
async function look(pid: number): Promise<{ readonly started: string; readonly isDead: boolean }> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { started: fields[START_TIME] ?? "", isDead: ["Z", "X"].includes(fields[0] ?? "") };
}
