#!/usr/bin/env node
import { processEnvironment } from "../environment.ts";
import { keepMemoryLean } from "../lean-memory.ts";
import { runCommandLine } from "./run-command-line.ts";

// A reader of the output, such as head, may close it early. The run continues.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
keepMemoryLean();
process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
