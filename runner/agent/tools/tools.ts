import { listFiles } from "./list-files.ts";
import { readFile } from "./read-file.ts";
import { runCommand } from "./run-command.ts";
import type { Tool } from "./tool.ts";
import { writeFile } from "./write-file.ts";

/** Everything that the built-in agent can do. */
export const TOOLS: readonly Tool[] = [listFiles, readFile, writeFile, runCommand];
