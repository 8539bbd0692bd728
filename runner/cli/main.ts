#!/usr/bin/env node
import { processEnvironment } from "../environment.ts";
import { keepMemoryLean } from "../lean-memory.ts";
import { runCommandLine } from "./run-command-line.ts";

const LONG_LIVED: ReadonlySet<string | undefined> = new Set(["run", "proxy"]);

// A reader of the output, such as head, may close it early. The run continues.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
if (LONG_LIVED.has(process.argv[2])) keepMemoryLean();
process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
