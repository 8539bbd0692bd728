#!/usr/bin/env node
import { readFile, realpath } from "node:fs/promises";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { type Environment, processEnvironment } from "../environment.ts";
import {
  AgentUsageError,
  commandVariables,
  parseArguments,
  readEndpoint,
  USAGE,
} from "./agent-options.ts";
import { runAgent } from "./run-agent.ts";

const EXIT_CODES = { done: 0, failed: 1, turns_used_up: 3 } as const;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

process.exitCode = await main(process.argv.slice(2), processEnvironment());

async function main(args: readonly string[], environment: Environment): Promise<number> {
  try {
    return await work(args, environment);
  } catch (error) {
    if (!(error instanceof CounterbalanceError)) throw error;
    environment.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

async function work(args: readonly string[], environment: Environment): Promise<number> {
  const { stdout, stderr, clock, variables, cwd } = environment;
  const parsed = parseArguments(args);
  if (parsed === undefined) {
    stdout.write(USAGE);
    return 0;
  }
  const { promptFile, ...limits } = parsed;
  const interruption = listenForSignals();
  const result = await runAgent({
    ...limits,
    clock,
    endpoint: readEndpoint(variables),
    prompt: await readPrompt(promptFile),
    context: {
      folder: await realpath(cwd),
      variables: commandVariables(variables),
      signal: interruption.signal,
    },
    tell: (event) => stdout.write(`${JSON.stringify(event)}\n`),
  });
  stdout.write(`${JSON.stringify(result)}\n`);
  if (result.outcome === "failed") stderr.write(`${result.message}\n`);
  const { outcome } = result;
  return outcome === "interrupted" ? interruption.exitCode() : EXIT_CODES[outcome];
}

interface Interruption {
  readonly signal: AbortSignal;
  exitCode(): number;
}

/** The first signal ends the run in order. After it, a signal has its default action again. */
function listenForSignals(): Interruption {
  const controller = new AbortController();
  let code = 0;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      code = SIGNAL_EXIT_CODES[name];
      controller.abort();
    });
  }
  return { signal: controller.signal, exitCode: () => code };
}

async function readPrompt(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentUsageError(`--prompt-file: ${reason}`, { cause: error });
  }
}
