import { readdirSync } from "node:fs";
import path from "node:path";

import picomatch from "picomatch";

import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { isFolder } from "./read-task-folder.ts";
import { type CommitPlaces, readTask } from "./read-task.ts";
import type { Task } from "./task.ts";

/** The bank has no task with the given name. */
export class TaskUnknownError extends ConfigurationError {
  readonly pattern: string;
  readonly known: readonly string[];

  constructor(pattern: string, bankFolder: string, known: readonly string[]) {
    super(
      `${bankFolder}: expected a task with the name "${pattern}", got none.${sayMeant(pattern, known)} ` +
        `Known tasks: ${known.join(", ") || "none"}. Correct the name, or add the task's folder.`,
    );
    this.pattern = pattern;
    this.known = known;
  }
}

/**
 * Loads the tasks of a bank whose ids match one of the patterns, sorted by the UTF-16 code units of the id.
 * It reads only matching tasks. Each pattern must match at least one.
 * @throws ConfigurationError, TaskUnknownError (exit code 2)
 */
export function loadTaskBank(
  bankFolder: string,
  include: readonly string[],
  places?: CommitPlaces,
): Task[] {
  const known = listTaskIds(bankFolder);
  const wanted = new Set<string>();
  for (const pattern of include) {
    const matches = picomatch(pattern);
    const named = known.filter((id) => id === pattern || matches(id));
    if (named.length === 0) throw new TaskUnknownError(pattern, bankFolder, known);
    for (const id of named) wanted.add(id);
  }
  const ids = known.filter((id) => wanted.has(id));
  return ids.map((id) => readTask(path.join(bankFolder, id), places));
}

function listTaskIds(bankFolder: string): readonly string[] {
  if (!isFolder(bankFolder)) {
    throw new ConfigurationError(
      `${bankFolder}: expected a folder of tasks, got nothing. ` +
        "Name an existing folder as the bank, or create the folder and put a task into it.",
    );
  }
  const ids = readdirSync(bankFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name);
  // Without a comparison function the order is that of UTF-16 code units, the same on every machine.
  return ids.toSorted();
}
