import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import path from "node:path";

import { ConfigurationError } from "../configuration-error.ts";
import type { Review } from "./check-round.ts";
import { parseHandoff, parseHandoffAfter } from "./read-handoff.ts";
import { HANDOFF_FILE, HANDOFF_FOLDER } from "./role-prompt.ts";
import type { AcceptedHandoff } from "./turn.ts";
import type { Role } from "./workflow-file.ts";

/** Prompts carry handoffs, and a command line can't be longer than 128 KiB. */
const BYTES_MAX = 32 * 1024;

/** A handoff, or why it was refused: its faults by line. */
export interface ReadHandoff {
  readonly accepted: AcceptedHandoff | null;
  /** Empty if it was accepted. */
  readonly faults: readonly string[];
}

/**
 * Reads what a role handed over. Call it when no process of its agent is alive.
 * @param folder the folder in which the role worked.
 * @param review the review that the handoff has to answer, if there is one.
 */
export async function readTurnHandoff(
  folder: string,
  role: Pick<Role, "name" | "handoff">,
  review: Review | undefined,
): Promise<ReadHandoff> {
  try {
    const text = await readText(folder, role);
    const content =
      review === undefined
        ? parseHandoff(HANDOFF_FILE, text)
        : parseHandoffAfter(review, HANDOFF_FILE, text);
    if (content.handoff !== role.handoff) {
      throw fault(`"handoff" to be ${role.handoff}`, content.handoff, "Write the other kind.");
    }
    if (content.role !== role.name) {
      throw fault(`"role" to be ${role.name}`, content.role, "Write your own role.");
    }
    const sha256 = createHash("sha256").update(text).digest("hex");
    return { accepted: { content, text, sha256 }, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { accepted: null, faults: error.message.split("\n") };
  }
}

function fault(expected: string, got: string, mend: string): ConfigurationError {
  return new ConfigurationError(`${HANDOFF_FILE}: expected ${expected}, got ${got}. ${mend}`);
}

/** Follows no link: an agent may have put anything in the file's place. */
async function readText(folder: string, { handoff }: Pick<Role, "handoff">): Promise<string> {
  const place = await lstat(path.join(folder, HANDOFF_FOLDER)).catch(() => undefined);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file =
    place?.isDirectory() === true
      ? await open(path.join(folder, HANDOFF_FILE), flags).catch(() => undefined)
      : undefined;
  try {
    const stats = await file?.stat();
    if (file === undefined || stats?.isFile() !== true) {
      throw fault(`a handoff of the kind ${handoff}`, "no file", "Write it before you end.");
    }
    if (stats.size > BYTES_MAX) {
      const most = `at most ${String(BYTES_MAX)} bytes`;
      throw fault(most, String(stats.size), "Say it in fewer words.");
    }
    return await file.readFile("utf8");
  } finally {
    await file?.close();
  }
}
