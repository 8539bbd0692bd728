import type { CandidateInput } from "../statistics/candidate/analyse-candidate.ts";
import type { AnytimeComparison } from "../statistics/candidate/compare-at-any-time.ts";

export type Verdict = "yes" | "no" | "unknown";

/** Windows entered for missing ones, or at the cost of all attempts: a "yes" has to survive them. */
export interface Entered extends Pick<CandidateInput, "windows"> {
  readonly entered: number;
  /** Windows with a cost that is not known, or is a lower bound. */
  readonly unknown: number;
}

/** What an answer is made of. It holds no files and no clock, so a browser can answer again. */
export interface AnswerInput {
  /** The valid windows of the resolved pairs. */
  readonly data: CandidateInput;
  readonly missing: Entered;
  readonly attempts: Entered;
  /** One-sided, of the gates; shared by all candidates. */
  readonly alpha: number;
  readonly qualityMin: number;
  readonly candidates: number;
  readonly facts: AnswerFacts;
}

/** What counts in addition to the figures of the pairs. */
export interface AnswerFacts {
  /** The command line that names this experiment again, and the one that adds tasks to it. */
  readonly command: string;
  readonly extendCommand: string;
  /** A budget ended the last session, and the command raises it. */
  readonly isBudgetSpent?: boolean;
  /** A model without a price ended the last session; absent: none did. */
  readonly unpricedModel?: string;
  /** Models without a price, where dollars are compared; absent: none. */
  readonly unpriced?: string;
  /** An attempt has no end yet; absent: every one has. */
  readonly isWorking?: true;
  /** Windows are missing because of their provider or its network. */
  readonly hasFailedProvider?: boolean;
  /** The built-in experiment, where no task can be added. */
  readonly isRehearsal: boolean;
  /** What costs are in; `meter`: units of a plan's meter. */
  readonly measure: "tokens" | "usd" | "meter";
  readonly isComparable: boolean;
  readonly isManual: boolean;
  /** Both arms are the same configuration. */
  readonly isAgainstItself: boolean;
  readonly isScripted: boolean;
  /** `families` if the tasks name families. */
  readonly unit: "task" | "family";
  /** Tasks with a planned pair that has not been run. */
  readonly openTasks: number;
  /** A pair that counts has a window whose cost is a lower bound. */
  readonly isCapped: boolean;
  /** Tests that pass with the baseline and fail with the candidate. */
  readonly regressions: number;
  /** Tests that pass with the candidate and fail with the baseline. */
  readonly gains: number;
  /** Pairs that are complete, and what both windows of each took; null if it is not known. */
  readonly pairs: number;
  readonly spent: { readonly usd: number | null; readonly tokens: number | null };
  /** Why nothing may be concluded from the data, in sentences. */
  readonly distrust: readonly string[];
  /** What else is missing or wrong, in sentences, and changes no verdict. */
  readonly remarks: readonly string[];
  /** null: not every window's tokens were counted, or a price is unknown. */
  readonly costOfRun: { readonly tokens: number | null; readonly usd: number | null };
  /** What keeps the dollars of the run unknown, with what is known of them; absent: there are no prices. */
  readonly dollarsLack?: string;
  /** An answer did not state all of its usage, so the tokens of the run are a lower bound. */
  readonly isUntold?: boolean;
}

/** The verdict on one half of the question. */
export interface Half {
  readonly verdict: Verdict;
  /** What the figures alone say. */
  readonly shown: Verdict;
  /** Units until the figures decide; null if unknown or more than 500. */
  readonly extra: number | null;
  /** What the estimate points to. */
  readonly towards: "yes" | "no";
}

/** Why a half that the figures decide stays open. */
export type DoubtKind =
  | "distrust"
  | "capped"
  | "constant"
  | "carryover"
  | "dear_in_all"
  | "missing"
  | "attempts";

/** What an answer waits for; the first that holds. */
export type Need =
  | "comparable costs"
  | "trusted data"
  | "possible values"
  | "complete tasks"
  | "solved tasks"
  | "more tasks"
  | "known costs"
  | "no doubt"
  | "spread"
  | "larger difference";

/** The answer: both halves, what keeps them open, and what would decide. */
export interface Judged {
  readonly input: AnswerInput;
  readonly found: AnytimeComparison;
  /** The level of the cost ratio's interval, and of each bound of quality. */
  readonly level: number;
  readonly cheaper: Half;
  readonly asGood: Half;
  readonly verdict: Verdict;
  /** The gravest first. */
  readonly doubts: readonly DoubtKind[];
  /** null once the answer is decided. */
  readonly need: Need | null;
  /** Tasks that would decide, and what both providers would take for them. */
  readonly more: {
    readonly tasks: number | null;
    readonly usd: number | null;
    readonly tokens: number | null;
  };
}
