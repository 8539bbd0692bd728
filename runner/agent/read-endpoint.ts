import type { Endpoint } from "./request-answer.ts";
import { AgentUsageError } from "./usage-error.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Where the model is, from the variables that other agents of this API read too. */
export function readEndpoint(variables: Variables): Endpoint {
  const baseUrl = variables["ANTHROPIC_BASE_URL"] ?? "";
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new AgentUsageError(
      `ANTHROPIC_BASE_URL: expected an http or https address, got "${baseUrl}".`,
    );
  }
  return { baseUrl: baseUrl.replace(/\/+$/, ""), credential: readCredential(variables) };
}

/** Commands get everything but the credentials, which are the agent's own. */
export function commandVariables(variables: Variables): Variables {
  const { ANTHROPIC_API_KEY: _key, ANTHROPIC_AUTH_TOKEN: _token, ...rest } = variables;
  return rest;
}

function readCredential(variables: Variables): Endpoint["credential"] {
  const apiKey = variables["ANTHROPIC_API_KEY"] ?? "";
  const token = variables["ANTHROPIC_AUTH_TOKEN"] ?? "";
  if (apiKey !== "") return { "x-api-key": apiKey };
  if (token !== "") return { authorization: `Bearer ${token}` };
  throw new AgentUsageError("Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN to a credential.");
}
