import { readFileSync } from "node:fs";
import path from "node:path";

import { packageFolder } from "../platform/environment/package-folder.ts";
import { HANDOFF_PLACE, type Role } from "./workflow-file.ts";

/** The folder of a role's handoff, relative to the folder in which it works. */
export const HANDOFF_FOLDER = ".counterbalance";
export const HANDOFF_FILE = `${HANDOFF_FOLDER}/handoff.md`;

/** What one turn of a role is asked, in addition to the text of its workflow. */
export interface TurnPrompt {
  readonly role: Role;
  readonly round: number;
  readonly title: string;
  /** What the names in the prompt stand for, by name. What does not exist yet is absent. */
  readonly materials: Readonly<Record<string, string>>;
  /** A reviewer's own last review, so that its findings keep their numbers. */
  readonly lastReview?: string | undefined;
  /** Faults of the handoff that was sent back, one a line. */
  readonly faults?: string | undefined;
}

/** A name in braces, or two braces, which stand for one. */
const BRACED = /\{\{|\{(?<name>[a-z][a-z0-9-]*)\}/gu;

/** What a role is asked in one turn. Handoffs and diffs may have null bytes, which no command line can have. */
export function composeRolePrompt(turn: TurnPrompt): string {
  const { role, round, title, lastReview, faults } = turn;
  const isTask = role.reads.includes("task");
  return [
    `You work as the ${role.name} of a team, round ${String(round)}.`,
    ...(isTask ? [] : [`Task: ${title}`]),
    "",
    fillIn(turn),
    ...(lastReview === undefined ? [] : ["", "Your review of the round before:", lastReview]),
    ...(faults === undefined
      ? []
      : ["", "Your handoff was refused. Its faults, by line:", faults, "Mend it."]),
    "",
    `Hand over: write a ${role.handoff} to ${HANDOFF_FILE} before you end.`,
    sayBounds(role),
    "The file is Markdown, and its front matter has the fields of this example:",
    "",
    exampleOf(role),
  ]
    .join("\n")
    .replaceAll("\0", "\u{FFFD}");
}

/** One argument of a command line can't be longer than 128 KiB; the rest of the prompt needs less than 38 KB. */
const MATERIALS_BYTES_MAX = 90_000;

function fillIn({ role: { prompt, reads }, materials }: TurnPrompt): string {
  const bytesMax = Math.floor(MATERIALS_BYTES_MAX / reads.length);
  return prompt
    .replaceAll(BRACED, (_braced, name: string | undefined) => {
      if (name === undefined) return "{";
      if (name === HANDOFF_PLACE) return HANDOFF_FILE;
      return setOff(cut(materials[name] ?? `(Nothing from ${name} yet.)`, bytesMax));
    })
    .trimEnd();
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  const left = bytes.length - bytesMax;
  return `${bytes.subarray(0, bytesMax).toString()}\n[${String(left)} bytes more are left out here.]`;
}

/** A text of several lines gets lines of its own, wherever the prompt names it. */
function setOff(text: string): string {
  return text.includes("\n") ? `\n\n${text.trim()}\n\n` : text;
}

function sayBounds({ writes }: Role): string {
  return writes.length === 0
    ? "You may run everything here, and change no other file: other changes are discarded."
    : `You may change files that match ${writes.join(" or ")}. Other changes are discarded.`;
}

/** The shipped example, in the role's own name. */
function exampleOf({ name, handoff }: Role): string {
  const file = path.join(packageFolder(), "docs/examples/handoffs", `${handoff}.md`);
  return readFileSync(file, "utf8").replace(/^role: .*$/mu, `role: ${name}`);
}
