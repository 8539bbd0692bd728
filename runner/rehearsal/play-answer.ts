import type { Usage } from "../../ledger/domain/usage.ts";
import type { Conversations } from "./conversations.ts";
import { dealUsage } from "./deal-usage.ts";
import {
  type ConversationId,
  conversationKey,
  drawConversation,
  drawOutputTokens,
} from "./draw-conversation.ts";
import { firstUserText, type MessagesRequest, toolResultIds } from "./messages-request.ts";
import {
  type ScriptedTurn,
  type Toolbox,
  type ToolCall,
  nextTurn,
  openToolbox,
  planTurns,
} from "./plan-turns.ts";
import { type Play, playRole, type RoleScene } from "./play-role.ts";
import type { ModelProfile } from "./profile.ts";
import { readRolePrompt, type RolePrompt } from "./read-role-prompt.ts";
import { type TaskScript, chooseVariant } from "./task-script.ts";

export type ScriptedBlock =
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "text"; readonly text: string }
  | ({ readonly type: "tool_use"; readonly id: string } & ToolCall);

/** A whole answer of the scripted model, before it is written in one piece or as a stream. */
export interface ScriptedAnswer {
  readonly messageId: string;
  readonly model: string;
  readonly blocks: readonly ScriptedBlock[];
  readonly stopReason: "end_turn" | "tool_use" | "max_tokens";
  readonly usage: Usage;
}

/** Output of a small request without a task, such as one for a title. */
const SMALL_ANSWER_TOKENS = 12;
const THOUGHT = "The feature says what is wanted; I will follow its scenarios one by one.";

interface Scene {
  readonly request: MessagesRequest;
  readonly profile: ModelProfile;
  readonly conversations: Conversations;
}

interface PlayedAnswer extends ScriptedAnswer {
  /** The number of the conversation about its feature; null without a task. */
  readonly conversation: number | null;
  /** The variant that the conversation writes; null if it writes none. */
  readonly variant: string | null;
}

/** The next answer. It depends on the request's history, the seed and the conversation's number. */
export function playAnswer(
  scene: Scene,
  seed: string,
  script: TaskScript | undefined,
): PlayedAnswer {
  const toolbox = openToolbox(scene.request);
  if (script === undefined) return playSmallAnswer(scene, "Understood.");
  if (!toolbox.canWrite) return playSmallAnswer(scene, `Implement "${script.title}"`);
  const { request, profile } = scene;
  const { featureId } = script;
  const prompt = readRolePrompt(firstUserText(request));
  const number = numberOf(scene, featureId, prompt);
  const turn = prompt === undefined ? {} : { turn: prompt };
  const id = { seed, model: request.model, featureId, number, ...turn };
  return prompt === undefined
    ? playNext(scene, id, playAlone({ id, profile, script }, toolbox))
    : playNext(scene, id, playRole({ prompt, id, profile, script }, toolbox));
}

/** By the plan it distinguishes the implementers of two teams with the same task. */
function numberOf({ request, conversations }: Scene, featureId: string, prompt?: RolePrompt) {
  if (prompt === undefined) return conversations.numberOf(request, featureId);
  const { role, round, isRefused, planNumber } = prompt;
  const subject = JSON.stringify([featureId, role, round, isRefused]);
  return planNumber ?? conversations.numberOf(request, subject);
}

function playAlone({ id, profile, script }: Omit<RoleScene, "prompt">, toolbox: Toolbox): Play {
  const draw = drawConversation(id, profile, script);
  const variant = chooseVariant(script.variants, draw.fails);
  const turns = planTurns(variant, toolbox, {
    extraTurns: draw.extraTurns,
    subagents: profile.subagents === true,
  });
  const lastWords = `"${script.title}" is implemented and checked.`;
  return { turns, variant: variant.name, lastWords };
}

function playNext(scene: Scene, id: ConversationId, play: Play): PlayedAnswer {
  const { request, profile, conversations } = scene;
  const resultCount = toolResultIds(request).length;
  const next = nextTurn(play.turns, resultCount);
  const blocks = next
    ? turnBlocks(next, () => conversations.newToolUseId(id.number))
    : [text(play.lastWords)];
  const tokens = drawOutputTokens(profile, `${conversationKey(id)}|turn|${resultCount}`);
  return {
    ...finishAnswer(scene, blocks, tokens),
    conversation: id.number,
    variant: play.variant,
  };
}

/** A request without a task gets a line of text, like a title or a greeting. */
function playSmallAnswer(scene: Scene, line: string): PlayedAnswer {
  const answer = finishAnswer(scene, [text(line)], SMALL_ANSWER_TOKENS);
  return { ...answer, conversation: null, variant: null };
}

/** Cuts an answer that is longer than the request allows before its tool calls, as a model does. */
function finishAnswer(
  { request, profile, conversations }: Scene,
  blocks: readonly ScriptedBlock[],
  outputTokens: number,
): ScriptedAnswer {
  const isCut = outputTokens > request.max_tokens;
  const hasCalls = blocks.some((block) => block.type === "tool_use");
  const thoughts: readonly ScriptedBlock[] =
    profile.thinks && allowsThinking(request) ? [{ type: "thinking", thinking: THOUGHT }] : [];
  const kept = isCut ? blocks.filter((block) => block.type !== "tool_use") : blocks;
  const stopReason = hasCalls ? "tool_use" : "end_turn";
  return {
    messageId: conversations.newMessageId(),
    model: request.model,
    blocks: [...thoughts, ...kept],
    stopReason: isCut ? "max_tokens" : stopReason,
    usage: dealUsage(request, profile, Math.min(outputTokens, request.max_tokens)),
  };
}

function turnBlocks(turn: ScriptedTurn, newId: () => string): readonly ScriptedBlock[] {
  const calls = turn.calls.map((call) => ({ type: "tool_use" as const, id: newId(), ...call }));
  return [text(turn.say), ...calls];
}

function text(line: string): ScriptedBlock {
  return { type: "text", text: line };
}

function allowsThinking({ thinking }: MessagesRequest): boolean {
  return thinking !== undefined && thinking.type !== "disabled";
}
