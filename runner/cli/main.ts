#!/usr/bin/env node
import { processEnvironment } from "../environment.ts";
import { keepMemoryLean } from "../lean-memory.ts";
import { runCommandLine } from "./run-command-line.ts";

keepMemoryLean();
process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
