import seedrandom from "seedrandom";

import type { ModelProfile } from "./profile.ts";
import type { TaskScript } from "./task-script.ts";

/** Identifies a conversation of a model about a feature. Every draw follows from it. */
export interface ConversationId {
  readonly seed: string;
  readonly model: string;
  readonly featureId: string;
  /** 1 for the first conversation of this model about this feature; in a team, for each turn. */
  readonly number: number;
  /** A role's turn in a team. */
  readonly turn?: RoleTurn;
}

export interface RoleTurn {
  readonly role: string;
  /** 1 for the work before the first review. */
  readonly round: number;
}

/** The draws that are made once for each conversation. */
export interface ConversationDraw {
  /** Names of the scenarios that the model fails in this conversation. */
  readonly fails: ReadonlySet<string>;
  readonly extraTurns: number;
}

export function drawConversation(
  id: ConversationId,
  profile: ModelProfile,
  script: TaskScript,
): ConversationDraw {
  const random = seedrandom(conversationKey(id));
  const extraTurns = Math.floor(random() * (profile.extra_turns + 1));
  const fails = script.scenarios.filter(() => random() >= profile.solve_probability);
  return { fails: new Set(fails), extraTurns };
}

/** In a team, a scenario stays solved: it fails only if this round's draw and those of all rounds before fail it. */
export function drawRound(
  { turn, ...id }: ConversationId & { readonly turn: RoleTurn },
  profile: ModelProfile,
  script: TaskScript,
): ConversationDraw {
  const draws = Array.from({ length: turn.round }, (_, before) =>
    drawConversation({ ...id, turn: { ...turn, round: before + 1 } }, profile, script),
  );
  const { extraTurns } = drawConversation({ ...id, turn }, profile, script);
  const fails = script.scenarios.filter((name) => draws.every((draw) => draw.fails.has(name)));
  return { fails: new Set(fails), extraTurns };
}

/** Output tokens of one turn, spread evenly around the profile's average; at least 1. */
export function drawOutputTokens(profile: ModelProfile, key: string): number {
  const factor = 1 + profile.output_spread * (2 * seedrandom(key)() - 1);
  return Math.max(1, Math.round(profile.output_tokens * factor));
}

export function conversationKey({ turn, ...id }: ConversationId): string {
  const key = `${id.seed}|model|${id.model}|${id.featureId}|${id.number}`;
  return turn === undefined ? key : `${key}|${turn.role}|round|${turn.round}`;
}

/** The status of a failing answer; undefined if the request is answered. */
export function drawFault(profile: ModelProfile, key: string): 500 | 529 | undefined {
  const random = seedrandom(key);
  if (random() >= profile.fault_rate) return undefined;
  return random() < 0.5 ? 529 : 500;
}
