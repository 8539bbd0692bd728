import { canonicalSha256 } from "../../domain/canonical-sha256.ts";
import type { IngestedEvent, Lane } from "../../domain/usage-ingested.ts";
import type { Usage } from "../../domain/usage.ts";
import { providerOfModel, usageOfClaudeCounts } from "../tokens/claude.ts";
import { problem, sayNotWhole, unknownUse, type UsageReading } from "../usage-source.ts";
import type { Attributes, OtlpEvent, OtlpPoint } from "./read-export.ts";
import { wholeNumber } from "./whole-number.ts";

const PROVIDER = "claude";
const ID_CHARS = 32;

/** `claude_code.api_request`: one answer, with the tokens of the API. */
export function readClaudeEvent(event: OtlpEvent, line: number): readonly UsageReading[] {
  const { attributes, at } = event;
  const session = attributes.get("session.id");
  if (typeof session !== "string") return [problem(line, "no-session", NO_SESSION)];
  const usage = usageOf(attributes);
  if (usage === undefined) {
    const got = Object.fromEntries(TOKENS.map((name) => [name, attributes.get(name)]));
    return [unknownUse(line, sayNotWhole("api_request", got), { at })];
  }
  // A request may have no id, and the number starts again when a session is resumed.
  const told = ["event.timestamp", "event.sequence", "request_id"].map((name) =>
    String(attributes.get(name) ?? ""),
  );
  const id = canonicalSha256([session, at, ...told, usage]).slice(0, ID_CHARS);
  const model = modelOf(attributes);
  const provider = providerOf(model);
  const cost = costOf(attributes.get("cost_usd"), provider);
  const lane = laneOf(attributes.get("query_source"));
  const read: IngestedEvent = { id, at, lane, model, usage, ...cost };
  return [{ kind: "event", session, provider, event: read }];
}

function providerOf(model: string | null): string {
  return providerOfModel(model).provider ?? PROVIDER;
}

const NO_SESSION = "Expected the attribute session.id.";

const TOKENS = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "cache_creation_5m_tokens",
  "cache_creation_1h_tokens",
] as const;

function usageOf(attributes: Attributes): Usage | undefined {
  const said = TOKENS.map((name) => attributes.get(name));
  const counts = said.map(wholeNumber);
  const isBad = said.some((value, index) => value !== undefined && counts[index] === undefined);
  const [input, output, read, written, written5m, written1h] = counts;
  if (isBad || input === undefined || output === undefined) return undefined;
  return usageOfClaudeCounts({ input, output, read, written, written5m, written1h }, 1);
}

/** Events name the part of the client that asked; counters name the lane. */
function laneOf(source: unknown): Lane {
  const name = typeof source === "string" ? source : "";
  const isSubagent = name === "subagent" || name === "hook_agent" || name.startsWith("agent:");
  return isSubagent ? "subagent" : "main";
}

function modelOf(attributes: Attributes): string | null {
  const model = attributes.get("model");
  return typeof model === "string" ? model : null;
}

/** Claude Code knows Claude's prices only. */
function costOf(value: unknown, provider: string): { readonly cost_usd?: number } {
  const cost = Number(value);
  const isKnown = value !== undefined && Number.isFinite(cost) && cost >= 0;
  return isKnown && provider === PROVIDER ? { cost_usd: cost } : {};
}

/** The class of tokens that a data point counts. Claude Code does not say how long a write is kept. */
const CLASSES: ReadonlyMap<unknown, keyof Usage> = new Map([
  ["input", "input_uncached"],
  ["output", "output"],
  ["cacheRead", "cache_read"],
  ["cacheCreation", "cache_write_5m"],
] as const);

/** A point of `claude_code.token.usage` or `claude_code.cost.usage`; nothing for other metrics. */
export function readClaudePoint(point: OtlpPoint, line: number): readonly UsageReading[] {
  const counted = countedIn(point);
  if (counted === undefined) return [];
  const { attributes } = point;
  const session = attributes.get("session.id");
  if (typeof session !== "string") return [problem(line, "no-session", NO_SESSION)];
  if (counted === "bad") {
    const text = `Expected a count in ${point.metric}, and its class, got ${String(point.value)}.`;
    return [unknownUse(line, text, { at: point.at })];
  }
  if (point.temporality === null) {
    const text = `Expected ${point.metric} to be cumulative or delta, got neither.`;
    return [problem(line, "no-temporality", text)];
  }
  return [readingOf(point, session, counted)];
}

type Counted = Pick<IngestedEvent, "usage" | "cost_usd">;

function countedIn({ metric, attributes, value }: OtlpPoint): Counted | "bad" | undefined {
  if (metric === "claude_code.token.usage") {
    const tokens = wholeNumber(value);
    const counter = CLASSES.get(attributes.get("type"));
    if (tokens === undefined || counter === undefined) return "bad";
    return { usage: { [counter]: tokens, requests: 0 } };
  }
  const provider = providerOf(modelOf(attributes));
  if (metric !== "claude_code.cost.usage" || provider !== PROVIDER) return undefined;
  const cost = costOf(value, provider);
  return cost.cost_usd === undefined ? "bad" : { usage: { requests: 0 }, ...cost };
}

/**
 * Attributes identify a series. Another start time makes it a new one. Its cumulative points become
 * differences to the point before.
 */
function readingOf(point: OtlpPoint, session: string, counted: Counted): UsageReading {
  const { metric, attributes, temporality, start, time, at } = point;
  const series = canonicalSha256([metric, [...attributes].toSorted(byName)]).slice(0, ID_CHARS);
  const key = `${series}/${start}`;
  const event = {
    at,
    lane: laneOf(attributes.get("query_source")),
    model: modelOf(attributes),
    from_counter: true as const,
  };
  const shared = { session, provider: providerOf(event.model) };
  if (temporality === "delta") {
    return { kind: "event", ...shared, event: { ...event, ...counted, id: `${key}/${time}` } };
  }
  const { usage: total, cost_usd } = counted;
  const cost = cost_usd === undefined ? {} : { cost_usd };
  // Without a start time it is unknown when the count began, or when it begins again.
  const growth =
    start === "0"
      ? ({ first: "baseline" } as const)
      : ({ first: "counts", onlyGrows: true } as const);
  return { kind: "total", ...shared, key, total, ...cost, ...growth, event };
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
