import { parseArgs } from "node:util";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import type { Endpoint } from "./request-answer.ts";

/** The agent can't work with its arguments or its environment. */
export class AgentUsageError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

interface AgentArguments {
  readonly model: string;
  readonly promptFile: string;
  readonly turnsMax: number;
  readonly tokensMax: number;
}

export const USAGE = `usage: agent --model NAME --prompt-file FILE [--max-turns N] [--max-tokens N]

Does the task of the prompt in the current directory, with a model behind the Anthropic Messages API.
  --max-turns N    the most answers of the model (default 50)
  --max-tokens N   the most output tokens of one answer (default 16000)
ANTHROPIC_BASE_URL is the model's address. ANTHROPIC_API_KEY (x-api-key) or ANTHROPIC_AUTH_TOKEN
(bearer) is the credential. The agent writes its events to stdout as JSON lines.
Exit codes: 0 done, 1 refused by the API, 2 bad usage, 3 turns used up, 130 and 143 interrupted.
`;

/** The command line; undefined for `--help`. */
export function parseArguments(args: readonly string[]): AgentArguments | undefined {
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
    throw new AgentUsageError(error instanceof Error ? error.message : String(error));
  }
}

function readCount(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AgentUsageError(`${option}: expected a whole number from 1 on, got "${text}".`);
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The model's address and credential, from the variables that other agents of this API read too. */
export function readEndpoint(variables: Variables): Endpoint {
  const baseUrl = variables["ANTHROPIC_BASE_URL"] ?? "";
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new AgentUsageError(
      `ANTHROPIC_BASE_URL: expected an http or https address, got "${baseUrl}".`,
    );
  }
  return { baseUrl: baseUrl.replace(/\/+$/, ""), credential: readCredential(variables) };
}

/** Commands get all variables but the agent's own: its credentials and its compiled code. */
export function commandVariables(variables: Variables): Variables {
  const {
    ANTHROPIC_API_KEY: _key,
    ANTHROPIC_AUTH_TOKEN: _token,
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
