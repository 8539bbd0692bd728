import type { AnswerBlock, ScriptedAnswer } from "./answer.ts";
import { chooseVariant } from "./choose-variant.ts";
import type { Conversations } from "./conversations.ts";
import { dealUsage } from "./deal-usage.ts";
import {
  conversationKey,
  type ConversationId,
  drawConversation,
  drawOutputTokens,
} from "./draw-conversation.ts";
import { type MessagesRequest, toolResultIds } from "./messages-request.ts";
import { nextTurn, planTurns, type ScriptedTurn } from "./plan-turns.ts";
import type { ModelProfile } from "./profile.ts";
import type { TaskScript } from "./task-script.ts";
import { openToolbox } from "./toolbox.ts";

/** Output of a small request that is no task, such as one for a title. */
const SMALL_ANSWER_TOKENS = 12;
const THOUGHT = "The feature says what is wanted; I will follow its scenarios one by one.";

export interface Scene {
  readonly request: MessagesRequest;
  readonly profile: ModelProfile;
  readonly conversations: Conversations;
}

export interface PlayedAnswer extends ScriptedAnswer {
  /** Which conversation about its feature this is, and the variant it writes; `null` if no task. */
  readonly conversation: number | null;
  readonly variant: string | null;
}

/** The script of the feature that the request is about, if any. */
export interface Part {
  readonly seed: string;
  readonly script: TaskScript | undefined;
}

/** The next answer: a function of the request's history, the seed and the conversation's number. */
export function playAnswer(scene: Scene, { seed, script }: Part): PlayedAnswer {
  const toolbox = openToolbox(scene.request);
  if (script === undefined) return playSmallAnswer(scene, "Understood.");
  if (!toolbox.canWrite) return playSmallAnswer(scene, `Implement "${script.title}"`);
  const { featureId } = script;
  const number = scene.conversations.numberOf(scene.request, featureId);
  return playTurn(scene, script, { seed, model: scene.request.model, featureId, number });
}

function playTurn(scene: Scene, script: TaskScript, id: ConversationId): PlayedAnswer {
  const { request, profile, conversations } = scene;
  const draw = drawConversation(id, profile, script);
  const variant = chooseVariant(script.variants, draw.fails);
  const turns = planTurns(variant, openToolbox(request), draw.extraTurns);
  const resultCount = toolResultIds(request).length;
  const next = nextTurn(turns, resultCount);
  const blocks = next
    ? turnBlocks(next, () => conversations.newToolUseId(id.number))
    : [text(`"${script.title}" is implemented and checked.`)];
  const tokens = drawOutputTokens(profile, `${conversationKey(id)}|turn|${resultCount}`);
  return {
    ...finishAnswer(scene, blocks, tokens),
    conversation: id.number,
    variant: variant.name,
  };
}

/** Whatever is not a task gets a line of text, as a title or a greeting would be answered. */
function playSmallAnswer(scene: Scene, line: string): PlayedAnswer {
  const answer = finishAnswer(scene, [text(line)], SMALL_ANSWER_TOKENS);
  return { ...answer, conversation: null, variant: null };
}

/** An answer longer than the request allows is cut before its tool calls, as a model's would be. */
function finishAnswer(
  { request, profile, conversations }: Scene,
  blocks: readonly AnswerBlock[],
  outputTokens: number,
): ScriptedAnswer {
  const isCut = outputTokens > request.max_tokens;
  const hasCalls = blocks.some((block) => block.type === "tool_use");
  const thoughts: readonly AnswerBlock[] =
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

function turnBlocks(turn: ScriptedTurn, newId: () => string): readonly AnswerBlock[] {
  const calls = turn.calls.map((call) => ({ type: "tool_use" as const, id: newId(), ...call }));
  return [text(turn.say), ...calls];
}

function text(line: string): AnswerBlock {
  return { type: "text", text: line };
}

function allowsThinking({ thinking }: MessagesRequest): boolean {
  return thinking !== undefined && thinking.type !== "disabled";
}
