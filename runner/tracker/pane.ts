import { claudeUsage } from "../../ledger/sources/claude-usage/parse.ts";
import { codexStatus } from "../../ledger/sources/codex-status/parse.ts";
import type { PaneParser } from "../../ledger/sources/pane-reading.ts";

/** Whose pane can be read. */
export type PaneSource = "codex" | "claude";

export const PANE_PARSERS: Readonly<Record<PaneSource, PaneParser>> = {
  codex: codexStatus,
  claude: claudeUsage,
};

/** A pane as it was captured. */
export interface PaneCapture {
  readonly source: PaneSource;
  readonly text: string;
  readonly capturedAt: string;
  readonly timeZone: string;
}
