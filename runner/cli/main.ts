#!/usr/bin/env node
import { processEnvironment } from "../environment.ts";
import { keepMemoryLean } from "../lean-memory.ts";
import { runCommandLine } from "./run-command-line.ts";

// Whoever reads our output may stop reading: a run goes on all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
keepMemoryLean();
process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
