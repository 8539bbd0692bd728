import { createHash } from "node:crypto";
import path from "node:path";

import { ConfigurationError } from "../platform/environment/configuration-error.ts";
import { inReader } from "../platform/reader/in-reader.ts";
import { LeftFolder } from "../platform/reader/left-folder.ts";
import { sayLeftOut } from "../platform/reader/left-out.ts";
import type { Reading } from "../platform/reader/reading.ts";
import type { Review } from "./check-round.ts";
import { parseHandoff, parseHandoffAfter } from "./read-handoff.ts";
import { HANDOFF_FILE } from "./role-prompt.ts";
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

/** The end of a role's turn. */
interface TurnEnd {
  /** Its workspace, and the place in it where the role worked; "" for all of it. */
  readonly folder: string;
  readonly at: string;
  readonly role: Pick<Role, "name" | "handoff">;
  /** The review that the handoff has to answer, if there is one. */
  readonly review: Review | undefined;
}

const readInReader = inReader(import.meta.url, "handoff", turnHandoff);

/** Reads what a role handed over. Call it when no process of its agent is alive. */
export async function readTurnHandoff(turn: TurnEnd, signal: AbortSignal): Promise<ReadHandoff> {
  const { value, leftOut } = await readInReader(turn, { signal });
  const unread = `${HANDOFF_FILE}: not read: ${sayLeftOut(leftOut)}.`;
  return value ?? { accepted: null, faults: [unread] };
}

async function turnHandoff(
  { folder, at, role, review }: TurnEnd,
  reading: Reading,
): Promise<ReadHandoff> {
  try {
    const workspace = new LeftFolder(reading, folder);
    const text = await readText(workspace, path.join(at, HANDOFF_FILE), role);
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

async function readText(
  workspace: LeftFolder,
  name: string,
  { handoff }: Pick<Role, "handoff">,
): Promise<string> {
  const stats = (await workspace.isReached(name)) ? await workspace.look(name) : null;
  if (stats !== null && stats.size > BYTES_MAX) {
    const most = `at most ${String(BYTES_MAX)} bytes`;
    throw fault(most, String(stats.size), "Say it in fewer words.");
  }
  const content = stats?.isFile() === true ? await workspace.read(name, BYTES_MAX) : null;
  if (content === null) {
    throw fault(`a handoff of the kind ${handoff}`, "no file", "Write it before you end.");
  }
  return content.toString("utf8");
}
