import { z } from "zod";

import { canonicalSha256 } from "../../domain/canonical-sha256.ts";
import { parseJson } from "../../domain/parse-json.ts";
import { EPOCH_SECONDS_MAX, timestampOf } from "../../domain/timestamp.ts";
import type { IngestedEvent, Lane } from "../../domain/usage-ingested.ts";
import { Usage } from "../../domain/usage.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { badTime, problem, type UsageProblem, type UsageSource } from "../usage-source.ts";

const Tokens = z.int().nonnegative();
const MS_PER_SECOND = 1000;

/** One request by a proxy's telemetry, in one form for every dialect. */
export interface TelemetryRequest {
  /** The same line read again has the same id. */
  readonly id: string;
  readonly at: string | null;
  /** The feature; null if the dialect has none. */
  readonly feature: string | null;
  /** Identifies the request over its backends: `trace_id`, or `rid`. */
  readonly request: string | null;
  readonly backend: string | null;
  /** `all` if the line does not say whether a sub-agent asked. */
  readonly lane: Lane;
  readonly model: string | null;
  readonly usage: Usage | null;
  /** `usage` has the input in all as uncached input, because the line does not divide it. */
  readonly isInputUndivided: boolean;
  readonly cost_usd: number | null;
  readonly isError: boolean;
  readonly latency_ms: number | null;
}

/** The contract: what our own proxy writes, and what other proxies may. */
const Contract = z.looseObject({
  timestamp: z.string(),
  session_id: z.string().nullable(),
  /** null is the main agent. A proxy that does not know leaves it out. */
  subagent_id: z.string().nullish(),
  backend_provider: z.string().nullable(),
  model: z.string().nullable(),
  prompt_tokens: Tokens.nullable(),
  completion_tokens: Tokens.nullable(),
  latency_ms: z.number().nonnegative().nullable(),
  status: z.int().nonnegative().nullable(),
  trace_id: z.string().nullable(),
  feature_id: z.string().nullish(),
  cost_usd: z.number().nonnegative().nullish(),
  /** The classes of tokens, if a proxy states them separately. */
  usage: Usage.nullish(),
  /** Our own proxy says what a request asks for. */
  kind: z.string().nullish(),
});

/** Requests of these kinds ask no model, so that they take no tokens. */
const ASKS_NO_MODEL: readonly unknown[] = ["count_tokens", "other"];

/** Lines with lanes, and a status in words. */
const Lanes = z.looseObject({
  ts: z.string(),
  rid: z.string(),
  lane: z.string(),
  model: z.string(),
  status: z.string(),
  input_tokens: Tokens.nullish(),
  output_tokens: Tokens.nullish(),
  latency_ms: z.number().nonnegative().nullish(),
  feature_id: z.string().nullish(),
});

/** An add-on of mitmproxy: seconds, and the status -1 for a routing decision or 0 for a network error. */
const AddOn = z.looseObject({
  ts: z.number().positive().max(EPOCH_SECONDS_MAX),
  rid: z.string(),
  lane: z.string(),
  model: z.string(),
  status: z.int().min(-1),
  event: z.string().nullish(),
  op: z.string().nullish(),
  reason: z.string().nullish(),
  input_tokens: Tokens.nullish(),
  output_tokens: Tokens.nullish(),
  latency_ms: z.number().nonnegative().nullish(),
  feature_id: z.string().nullish(),
});

/** Other names of the same backends. An add-on that knows no name writes the host. */
const BACKENDS: ReadonlyMap<string, string> = new Map([
  ["anth", "anthropic"],
  ["api.anthropic.com", "anthropic"],
  ["api.openai.com", "openai"],
  ["chatgpt.com", "openai"],
  ["zai", "glm"],
  ["z.ai", "glm"],
  ["api.z.ai", "glm"],
  ["open.bigmodel.cn", "glm"],
]);

/** The providers that work with a backend of another name. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["anthropic", "claude"],
  ["openai", "codex"],
]);

/** What a provider of a window may be called. */
const PROVIDER_NAME = /^[A-Za-z0-9][\w.-]{0,63}$/u;

const ERROR_FROM = 400;

/** Reads one line; null is a line that is not a request to a model, such as a routing decision. */
export function readTelemetry(
  text: string,
  number: number,
): TelemetryRequest | UsageProblem | null {
  const value = parseJson(text);
  if (value === undefined) return problem(number, "not-json", "Expected a line of JSON.");
  const id = canonicalSha256(value);
  const contract = Contract.safeParse(value);
  if (contract.success) return ofContract(contract.data, id, number);
  const lanes = Lanes.safeParse(value);
  if (lanes.success) return ofLanes(lanes.data, id, number);
  const addOn = AddOn.safeParse(value);
  if (addOn.success) return ofAddOn(addOn.data, id);
  const isOther = z.looseObject({ record: z.string() }).safeParse(value).success;
  // A ledger's own file has other records than requests, too.
  return isOther
    ? null
    : problem(
        number,
        "unknown-dialect",
        "Expected a line of one of the three dialects of telemetry.",
      );
}

function ofContract(line: z.infer<typeof Contract>, id: string, number: number) {
  if (ASKS_NO_MODEL.includes(line.kind)) return null;
  const at = readTimestamp(line.timestamp);
  if (at === undefined) return badTime(number, line.timestamp);
  const { prompt_tokens: input, completion_tokens: output, status } = line;
  return {
    id,
    at,
    feature: line.feature_id ?? null,
    request: line.trace_id,
    backend: line.backend_provider === null ? null : nameOfBackend(line.backend_provider),
    lane: laneOf(line.subagent_id),
    model: line.model,
    usage: line.usage ?? usageOf(input, output),
    isInputUndivided: !line.usage && input !== null,
    cost_usd: line.cost_usd ?? null,
    isError: status === null || status === 0 || status >= ERROR_FROM,
    latency_ms: line.latency_ms,
  };
}

function ofLanes(line: z.infer<typeof Lanes>, id: string, number: number) {
  const at = readTimestamp(line.ts);
  if (at === undefined) return badTime(number, line.ts);
  return { ...common(line, id), at, isError: line.status !== "ok" };
}

function ofAddOn(line: z.infer<typeof AddOn>, id: string): TelemetryRequest | null {
  // It says where a request will go, and another line says what became of it.
  if (line.status === -1 || line.event === "decision") return null;
  const { status } = line;
  const isError = status === 0 || status >= ERROR_FROM || line.event === "error";
  // This add-on does not read streams: their tokens are unknown, and not 0.
  const isStream = line.op === "stream" || line.reason === "streaming";
  const isUnread = isStream && (line.output_tokens ?? 0) === 0;
  const at = timestampOf(Math.round(line.ts * MS_PER_SECOND));
  return {
    ...common(isUnread ? { ...line, input_tokens: null, output_tokens: null } : line, id),
    at,
    isError,
  };
}

function common(
  line: Pick<
    z.infer<typeof AddOn>,
    "rid" | "lane" | "model" | "input_tokens" | "output_tokens" | "latency_ms" | "feature_id"
  >,
  id: string,
) {
  return {
    id,
    feature: line.feature_id ?? null,
    request: line.rid,
    backend: nameOfBackend(line.lane),
    lane: "all" as const,
    model: line.model === "" ? null : line.model,
    usage: usageOf(line.input_tokens, line.output_tokens),
    isInputUndivided: typeof line.input_tokens === "number",
    cost_usd: null,
    latency_ms: line.latency_ms ?? null,
  };
}

/** One name for each backend, whatever a proxy or its user calls it. */
export function nameOfBackend(name: string): string {
  return BACKENDS.get(name) ?? name;
}

function providerOf(backend: string | null): { readonly provider?: string } {
  const provider = PROVIDERS.get(backend ?? "") ?? backend ?? "";
  return PROVIDER_NAME.test(provider) ? { provider } : {};
}

function laneOf(subagent: string | null | undefined): Lane {
  if (subagent === undefined) return "all";
  return subagent === null ? "main" : "subagent";
}

type Counted = number | null | undefined;

function usageOf(input: Counted, output: Counted): Usage | null {
  const counted = {
    ...(typeof input === "number" ? { input_uncached: input } : {}),
    ...(typeof output === "number" ? { output } : {}),
  };
  return Object.keys(counted).length === 0 ? null : { ...counted, requests: 1 };
}

function unknownTokens(number: number): UsageProblem {
  const text =
    "Expected the tokens of a request, got none. They are unknown, and count as nothing.";
  return problem(number, "unknown-tokens", text);
}

/** Telemetry of a proxy, in the contract's form or one of two others. A line that is read again is the same event. */
export const proxyTelemetry: UsageSource = {
  name: "proxy-telemetry",
  version: "3",
  provider: "claude",
  names: ["*.jsonl"],
  open: ({ file }) => ({
    line(text, number) {
      if (text.trim() === "") return [];
      const read = readTelemetry(text, number);
      if (read === null) return [];
      if ("kind" in read) return [read];
      const { id, at, lane, model, usage, cost_usd, isInputUndivided, backend } = read;
      // A request that failed before any token, or asks no model, took nothing.
      if (usage === null) return read.isError || model === null ? [] : [unknownTokens(number)];
      const event: IngestedEvent = {
        id,
        at,
        lane,
        model,
        usage,
        ...(cost_usd === null ? {} : { cost_usd }),
        ...(isInputUndivided ? { input_undivided: true } : {}),
      };
      return [{ kind: "event", session: file, ...providerOf(backend), event }];
    },
    end: () => [],
  }),
};
