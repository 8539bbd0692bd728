import type { RequestFate } from "../../ledger/domain/request-fate.ts";
import type { AnswerInput } from "../answer/answer-input.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { GateFile } from "../looks/gate-file.ts";
import type { TeamWindowData } from "../report/team-data.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";

/** The ids of the elements that hold the data of a page. */
export const BLOCKS = {
  windows: "data-windows",
  requests: "data-requests",
  details: "data-details",
  verdict: "data-verdict",
  papers: "data-papers",
} as const;

/** A table by its columns, which all have one length: smaller than rows, and quicker to read. */
export type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };

/** What the list takes of a window's line in the report. */
const LINE_NAMES = [
  "window",
  "provider",
  "feature_id",
  "replicate",
  "period",
  "executed_order",
  "attempts",
  "state",
  "outcome",
  "reason",
  "scenarios_passed",
  "scenarios",
  "quality",
  "cost",
  "is_lower_bound",
  "touched_by",
] as const satisfies readonly (keyof WindowLine)[];

export const LIST_NAMES = [...LINE_NAMES, "errors", "requests"] as const;

/** One window in the list. */
export interface ListedWindow extends Pick<WindowLine, (typeof LINE_NAMES)[number]> {
  /** Requests to a model that failed, and those that were answered or failed; null if it is not valid. */
  readonly errors: number | null;
  readonly requests: number | null;
}

export const FATES: readonly RequestFate[] = ["answered", "failed", "refused", "abandoned"];

/** One request of a window. */
export interface ListedRequest {
  /** Milliseconds since the window was opened. */
  readonly at: number;
  readonly status: number | null;
  /** Its place among the fates. */
  readonly fate: number;
  readonly isModel: boolean;
  readonly latencyMs: number | null;
  /** Tokens: uncached input with cache writes, cache reads, output; null: not known. */
  readonly input: number | null;
  readonly cached: number | null;
  readonly output: number | null;
  /** How many requests it is: those that the proxy did not send on may share one row. */
  readonly count: number;
}

export interface WindowData {
  /** The command line that serves the report with everything. */
  readonly view: string;
  readonly measure: "tokens" | "usd" | "meter";
  /** The titles of tasks by their ids. */
  readonly titles: Readonly<Record<string, string>>;
  readonly anomalies: readonly AnomalyText[];
  readonly windows: Columns<ListedWindow>;
}

interface AnomalyText {
  readonly number: number;
  readonly kind: string;
  readonly action: string;
}

/** The requests of all windows, one window's after the other's; `counts` says how many each has. */
export interface RequestData {
  readonly counts: readonly number[];
  readonly requests: Columns<ListedRequest>;
}

export interface ListedScenario {
  readonly name: string;
  readonly suite: string;
  readonly status: string;
  readonly message?: string;
}

/** What only the page of a window shows. */
export interface WindowDetail {
  readonly openedAt: string;
  readonly endedAt: string;
  readonly agentMs: number | null;
  readonly gradingMs: number | null;
  readonly commitStart: string | null;
  readonly commitEnd: string | null;
  readonly churn: string | null;
  readonly isolation: string | null;
  /** Worker and class; null if the run itself worked the window. */
  readonly machine: string | null;
  readonly meters: readonly MeterChange[];
  /** Places among all scenarios. */
  readonly scenarios: readonly number[];
  /** null if one agent worked alone. */
  readonly team: Pick<TeamWindowData, "turns" | "returns"> | null;
}

export interface MeterChange {
  readonly name: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly delta: number | null;
}

export interface DetailData {
  /** Each result once: most windows share theirs with others. */
  readonly scenarios: readonly ListedScenario[];
  /** By the window's place in the list; null for a window that did not end. */
  readonly windows: readonly (WindowDetail | null)[];
}

/** What a window left behind: the change, the agent's log, and its rows in the ledger. */
export interface WindowPapers {
  readonly diff: Paper;
  readonly log: Paper;
  readonly rows: Paper;
}

/** A text, or why there is none. */
export type Paper = { readonly text: string } | { readonly none: string };

/** Which windows have papers in this file, and what is said about the others. */
export interface PaperData {
  /** Places in the list; the element `data-papers-N` holds those of the place N. */
  readonly windows: readonly number[];
  /** Why other windows have none, with the command that shows them. */
  readonly others: string;
}

/** The windows that a look or an answer counts, and what else is known of them. */
export interface CountedData {
  readonly candidate: string;
  /** Places in the list. */
  readonly windows: readonly number[];
  /** Features in the order of the schedule, by their places among the features of the verdict. */
  readonly schedule: readonly number[];
  /** How many features at the schedule's end have pairs that may still come. */
  readonly unresolved: number;
}

export interface LookData extends CountedData {
  readonly capped: boolean;
  readonly deterministicRegressions: number;
  readonly fingerprint: string;
}

/** A candidate's last looks, oldest first; with each, those at the other candidates at that moment. */
export interface CandidateLooks {
  readonly candidate: string;
  readonly looks: readonly { readonly own: number; readonly others: readonly number[] }[];
  /** What the gates read besides looks. */
  readonly state: {
    readonly backlogReadyBlocked: number;
    readonly protocolViolations: number;
    readonly stoppedArms: readonly string[];
    readonly held: readonly string[];
  };
  /** As the report prints it. */
  readonly printed: {
    readonly verdict: string;
    readonly figures: Readonly<Record<string, unknown>>;
  };
}

/** What an answer is made of besides windows of the list. */
export interface AnswerInputs extends Omit<AnswerInput, "data" | "missing" | "attempts"> {
  readonly data: CountedData;
  readonly missing: Counts & { readonly added: readonly AnalysedWindow[] };
  /** Windows that all attempts together made dearer, by their places among `data.windows`. */
  readonly attempts: Counts & {
    readonly costs: readonly (readonly [place: number, cost: number])[];
  };
}

type Counts = Pick<AnswerInput["missing"], "entered" | "unknown">;

/** Everything that the answers and the verdict rest on. */
export interface VerdictData {
  readonly baseline: string;
  readonly rootSeed: string;
  readonly features: readonly string[];
  readonly families: Readonly<Record<string, string>>;
  readonly repositories: Readonly<Record<string, string>>;
  readonly costCap: number | null;
  readonly answers: readonly AnswerInputs[];
  /** Why the gates' verdict can't be computed again; null if it can. */
  readonly none: string | null;
  readonly gates: GateFile;
  /** Registered candidates. */
  readonly registered: number;
  readonly isComparable: boolean;
  readonly isRegistered: boolean;
  readonly looks: readonly LookData[];
  readonly candidates: readonly CandidateLooks[];
}
