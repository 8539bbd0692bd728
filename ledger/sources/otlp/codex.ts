import { canonicalSha256 } from "../../domain/canonical-sha256.ts";
import { CodexTokens, printTokens, usageOfCodex } from "../tokens/codex.ts";
import { problem, sayNotWhole, unknownUse, type UsageReading } from "../usage-source.ts";
import type { OtlpEvent } from "./read-export.ts";
import { wholeNumber } from "./whole-number.ts";

const ID_CHARS = 32;

/** The counts of an event, and what the same figures are called in session logs. */
const COUNTS = [
  ["input_token_count", "input_tokens"],
  ["cached_token_count", "cached_input_tokens"],
  ["cache_write_token_count", "cache_write_input_tokens"],
  ["output_token_count", "output_tokens"],
  ["reasoning_token_count", "reasoning_output_tokens"],
] as const;

/**
 * `codex.sse_event`: one event of an answer's stream. Codex sends the last one twice, and only one of the two has
 * tokens. Nothing says whether a sub-agent asked.
 */
export function readCodexEvent(
  { attributes, at }: OtlpEvent,
  line: number,
): readonly UsageReading[] {
  const said = COUNTS.flatMap(([name, known]) => {
    const value = attributes.get(name);
    return value === undefined ? [] : [[known, wholeNumber(value)] as const];
  });
  if (said.length === 0) return [];
  const about = { at, provider: "codex" };
  const tokens = CodexTokens.safeParse(Object.fromEntries(said)).data;
  if (tokens === undefined) {
    const got = COUNTS.map(([name]) => [name, attributes.get(name)]);
    return [unknownUse(line, sayNotWhole("codex.sse_event", Object.fromEntries(got)), about)];
  }
  const { usage, fault } = usageOfCodex(tokens, 1);
  if (usage === null) return [unknownUse(line, fault, about)];
  const session = attributes.get("conversation.id");
  if (typeof session !== "string") {
    return [problem(line, "no-session", "Expected the attribute conversation.id.")];
  }
  const model = attributes.get("model");
  const id = canonicalSha256([session, at, printTokens(tokens)]).slice(0, ID_CHARS);
  const named = typeof model === "string" ? model : null;
  const event = { id, at, lane: "all", usage, model: named } as const;
  return [{ kind: "event", session, provider: about.provider, event }];
}
