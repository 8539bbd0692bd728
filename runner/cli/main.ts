#!/usr/bin/env node
import { processEnvironment } from "../environment.ts";
import { runCommandLine } from "./run-command-line.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
