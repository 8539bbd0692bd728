import type { Lane } from "../domain/usage-ingested.ts";
import type { Usage } from "../domain/usage.ts";

/** The tokens of one source, by whose requests they are. */
export type LaneUsage = ReadonlyMap<Lane, Usage>;

/** What a source says, by the lanes that it names. */
export interface SourceLanes {
  /** `proxy`, the name of a foreign format, or the driver whose agent reported. */
  readonly source: string;
  readonly lanes: LaneUsage;
  /** Some of its counts have the input in all as uncached input, because their source does not divide it. */
  readonly isInputUndivided?: boolean;
}

/**
 * Whose tokens a source has: those of all agents with the main agent's separate, those of all agents together,
 * or the main agent's alone. `part`: some of its counts have all agents, and others the main agent's alone.
 */
export type Coverage = "apart" | "main" | "part" | "together";

/** Sources that see every request and say whose it is. In any other source, `main` leaves sub-agents out. */
const SEE_EVERY_REQUEST: readonly string[] = [
  "proxy",
  "codex-rollout",
  "claude-session",
  "gemini-session",
  "qwen-session",
  "pi-session",
  "proxy-telemetry",
  "otlp",
];

export function coverageOf({ source, lanes }: SourceLanes): Coverage {
  if (SEE_EVERY_REQUEST.includes(source)) return lanes.has("all") ? "together" : "apart";
  if (!lanes.has("main")) return "together";
  return lanes.has("all") ? "part" : "main";
}

/** Whether a source has the tokens of sub-agents too. */
export function coversAllAgents(source: SourceLanes): boolean {
  const coverage = coverageOf(source);
  return coverage === "apart" || coverage === "together";
}

/** The lane in which two sources can be compared; null if there is none. */
export function sharedLane(one: SourceLanes, other: SourceLanes): "all" | "main" | null {
  const coverages = [coverageOf(one), coverageOf(other)];
  if (coverages.includes("part")) return null;
  if (!coverages.includes("main")) return "all";
  const haveMain = one.lanes.has("main") && other.lanes.has("main");
  return haveMain && !coverages.includes("together") ? "main" : null;
}
