#!/usr/bin/env node
import { readFile, realpath } from "node:fs/promises";
import { parseArgs } from "node:util";

import { CounterbalanceError, UsageError, reasonOf } from "../../../ledger/domain/errors.ts";
import { type Environment, processEnvironment } from "../../platform/environment/environment.ts";
import type { Endpoint } from "./request-answer.ts";
import { runAgent } from "./run-agent.ts";

const EXIT_CODES = { done: 0, failed: 1, turns_used_up: 3 } as const;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

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

/** The first signal ends the run in order. After it, a signal has its default action again. */
function listenForSignals() {
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
    throw new AgentUsageError(`--prompt-file: ${reasonOf(error)}`, { cause: error });
  }
}

/** The agent can't work with its arguments or its environment. */
class AgentUsageError extends UsageError {}

const USAGE = `usage: agent --model NAME --prompt-file FILE [--max-turns N] [--max-tokens N]

Does the task of the prompt in the current directory, with a model behind the Anthropic Messages API,
or behind the OpenAI Chat Completions API.
  --max-turns N    the most answers of the model (default 50)
  --max-tokens N   the most output tokens of one answer (default 16000)
ANTHROPIC_BASE_URL is the model's address. ANTHROPIC_API_KEY (x-api-key) or ANTHROPIC_AUTH_TOKEN
(bearer) is the credential. OPENAI_BASE_URL and OPENAI_API_KEY name a Chat API instead.
The agent writes its events to stdout as JSON lines.
Exit codes: 0 done, 1 refused by the API, 2 bad usage, 3 turns used up, 130 and 143 interrupted.
`;

/** The command line; undefined for `--help`. */
function parseArguments(args: readonly string[]) {
  const { values } = parseStrictly(args);
  if (values.help === true) return undefined;
  if (values.model === undefined) throw new AgentUsageError("--model is missing.");
  if (values["prompt-file"] === undefined) throw new AgentUsageError("--prompt-file is missing.");
  return {
    model: values.model,
    promptFile: values["prompt-file"],
    turnsMax: readCount("--max-turns", values["max-turns"]),
    tokensMax: readCount("--max-tokens", values["max-tokens"]),
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        model: { type: "string" },
        "prompt-file": { type: "string" },
        "max-turns": { type: "string", default: "50" },
        "max-tokens": { type: "string", default: "16000" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new AgentUsageError(reasonOf(error));
  }
}

function readCount(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AgentUsageError(`${option}: expected a whole number from 1 on, got "${text}".`);
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The model's address and credential, from the variables that other agents of its API read too. */
function readEndpoint(variables: Variables): Endpoint {
  const isChat = (variables["OPENAI_BASE_URL"] ?? "") !== "";
  const name = isChat ? "OPENAI_BASE_URL" : "ANTHROPIC_BASE_URL";
  const baseUrl = variables[name] ?? "";
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new AgentUsageError(`${name}: expected an http or https address, got "${baseUrl}".`);
  }
  const address = baseUrl.replace(/\/+$/, "");
  if (!isChat) {
    return { api: "messages", baseUrl: address, credential: readCredential(variables) };
  }
  const credential = { authorization: `Bearer ${variables["OPENAI_API_KEY"] ?? ""}` };
  // Clients of this API write its version at the end of the address.
  return { api: "chat", baseUrl: address.replace(/\/v1$/, ""), credential };
}

/** Commands get all variables but the agent's own: its credentials and its compiled code. */
function commandVariables(variables: Variables): Variables {
  const {
    ANTHROPIC_API_KEY: _key,
    ANTHROPIC_AUTH_TOKEN: _token,
    OPENAI_API_KEY: _openaiKey,
    NODE_COMPILE_CACHE: _compiled,
    ...rest
  } = variables;
  return rest;
}

function readCredential(variables: Variables): Endpoint["credential"] {
  const apiKey = variables["ANTHROPIC_API_KEY"] ?? "";
  const token = variables["ANTHROPIC_AUTH_TOKEN"] ?? "";
  if (apiKey !== "") return { "x-api-key": apiKey };
  if (token !== "") return { authorization: `Bearer ${token}` };
  throw new AgentUsageError("Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN to a credential.");
}

process.exitCode = await main(process.argv.slice(2), processEnvironment());
