import { parseArgs } from "node:util";

import { AgentUsageError } from "./usage-error.ts";

export interface AgentArguments {
  readonly model: string;
  readonly promptFile: string;
  readonly turnsMax: number;
  readonly tokensMax: number;
}

export const USAGE = `usage: agent --model NAME --prompt-file FILE [--max-turns N] [--max-tokens N]

Works the prompt in the current directory with a model behind the Anthropic Messages API.
  --max-turns N    answers of the model at most (default 50)
  --max-tokens N   output tokens of one answer at most (default 16000)
ANTHROPIC_BASE_URL says where the model is, ANTHROPIC_API_KEY (x-api-key) or ANTHROPIC_AUTH_TOKEN
(bearer) what to present there. Events are JSON lines on stdout.
Exit codes: 0 done, 1 refused by the API, 2 bad usage, 3 turns used up, 130 and 143 interrupted.
`;

/** The command line; `undefined` where help was asked for. */
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
