#!/usr/bin/env node
import { processEnvironment } from "../platform/environment/environment.ts";
import { keepMemoryLean, keepSessionLean } from "../platform/environment/lean-memory.ts";
import { runCommandLine } from "./run-command-line.ts";

const LONG_LIVED = new Map<string | undefined, () => void>([
  ["run", keepSessionLean],
  ["proxy", keepMemoryLean],
]);

// A reader of the output, such as head, may close it early. The run continues.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
LONG_LIVED.get(process.argv[2])?.();
process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
