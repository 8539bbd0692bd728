import { ConfigurationError } from "../platform/environment/configuration-error.ts";
import type { Review } from "../teams/check-round.ts";
import { HANDOFF_KINDS } from "../teams/handoff-schema.ts";
import { parseHandoff } from "../teams/read-handoff.ts";
import type { RoleTurn } from "./draw-conversation.ts";

/** What the prompt of a role's turn asks for. */
export interface RolePrompt extends RoleTurn {
  readonly kind: (typeof HANDOFF_KINDS)[number];
  /** The handoff's file, relative to the current folder. */
  readonly path: string;
  /** Whether the role has handed over in this round already, and in vain. */
  readonly isRefused: boolean;
  /** The number of the scripted plan that the prompt shows. It distinguishes teams with equal tasks. */
  readonly planNumber?: number;
  /** The review of the round before. */
  readonly review?: Review;
}

const HEAD = /^"?You work as the ([a-z0-9-]+) of a team, round ([1-9]\d{0,3})\.[ \t]*$/mu;
const HAND_OVER = /^Hand over: write an? ([a-z]+) to (\S+) before you end\.[ \t]*$/mu;
const REFUSED = /^Your handoff was refused\. Its faults, by line:/mu;
const PLAN = /^summary: ["']?Plan ([1-9]\d{0,8}) of the script\b/mu;

/** Reads a role's prompt. Undefined for every other prompt. */
export function readRolePrompt(text: string): RolePrompt | undefined {
  const [head, role, round] = HEAD.exec(text) ?? [];
  if (head === undefined || role === undefined) return undefined;
  // opencode puts its prompt into quotes.
  const prompt = head.startsWith('"') ? text.replaceAll(String.raw`\"`, '"') : text;
  const [asked, named, path] = HAND_OVER.exec(prompt) ?? [];
  const kind = HANDOFF_KINDS.find((known) => known === named);
  if (asked === undefined || kind === undefined || path === undefined) return undefined;
  // An example of the handoff follows, which is not a handoff.
  const shown = prompt.slice(0, prompt.indexOf(asked));
  return {
    role,
    round: Number(round),
    kind,
    path,
    isRefused: REFUSED.test(prompt),
    ...readShown(shown),
  };
}

/** What a role's prompt shows of other turns. */
function readShown(shown: string): Pick<RolePrompt, "planNumber" | "review"> {
  const [, planNumber] = PLAN.exec(shown) ?? [];
  const review = findReview(shown);
  return {
    ...(planNumber === undefined ? {} : { planNumber: Number(planNumber) }),
    ...(review === undefined ? {} : { review }),
  };
}

/** The last text between two lines of hyphens that is a review. */
function findReview(text: string): Review | undefined {
  return text
    .split(/^---[ \t]*$/mu)
    .filter((part) => /^handoff: *["']?review\b/mu.test(part))
    .map((part) => readReview(`---${part}---\n`))
    .findLast((review) => review !== undefined);
}

function readReview(text: string): Review | undefined {
  try {
    const handoff = parseHandoff("review", text);
    return handoff.handoff === "review" ? handoff : undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
