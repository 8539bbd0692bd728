import type { Finding } from "../../ledger/verification/finding.ts";
import type { FindingPlace } from "../../ledger/verification/locate-finding.ts";
import type { AnomalyOnRecord } from "../../ledger/verification/read-anomalies.ts";
import { toPlainLine } from "../text/plain-text.ts";

const FINDINGS_SHOWN_MAX = 100;
const ANOMALIES_SHOWN_MAX = 20;

/** What `ledger verify --json` prints. */
export interface VerificationDocument {
  readonly ledger_id: string | null;
  readonly heads_sha256: string;
  readonly folder: string;
  readonly mode: "full" | "from-checkpoint";
  /** Whether every row was parsed too. */
  readonly is_parsed: boolean;
  readonly is_damaged: boolean;
  readonly files: readonly {
    readonly file: string;
    readonly rows: number;
    readonly bytes: number;
  }[];
  readonly findings: readonly (Finding & FindingPlace & { readonly what_to_do: string })[];
  readonly anomalies: readonly AnomalyOnRecord[];
}

/** The verdict comes last, after its evidence. */
export function renderVerification(shown: VerificationDocument): string {
  const { files, findings, mode, is_parsed, anomalies } = shown;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const from = mode === "full" ? "from the start" : "since the last checkpoint";
  const scope = is_parsed ? `${from}, every row parsed` : from;
  return [
    `Ledger ${shown.ledger_id ?? "without a header"} in ${shown.folder}`,
    `Heads SHA-256: ${shown.heads_sha256}`,
    `Verified ${scope}: ${String(rows)} rows, ${String(bytes)} bytes in ${String(files.length)} files.`,
    ...findings.slice(0, FINDINGS_SHOWN_MAX).flatMap(findingLines),
    ...more(findings.length - FINDINGS_SHOWN_MAX),
    ...anomalyLines(anomalies),
    verdict(shown),
  ].join("\n");
}

function findingLines(finding: VerificationDocument["findings"][number]): readonly string[] {
  const { severity, kind, path, line, offset, message } = finding;
  const where = [
    path ?? "ledger",
    ...(line === null ? [] : [`line ${String(line)}`]),
    ...(offset === undefined ? [] : [`byte ${String(offset)}`]),
  ].join(", ");
  return [
    `${where}: ${severity} (${kind}): ${toPlainLine(message).replace(/\.$/u, "")}.`,
    `  ${finding.what_to_do}`,
  ];
}

function anomalyLines(anomalies: readonly AnomalyOnRecord[]): readonly string[] {
  return [
    `Anomalies on record: ${String(anomalies.length)}${anomalies.length === 0 ? "" : " (see anomalies.jsonl)"}`,
    ...anomalies
      .slice(0, ANOMALIES_SHOWN_MAX)
      .map(({ kind, touches, action }) =>
        toPlainLine(`  ${kind}: ${touches.slice(0, 3).join(", ")}: ${action}`),
      ),
    ...more(anomalies.length - ANOMALIES_SHOWN_MAX),
  ];
}

function more(count: number): readonly string[] {
  return count > 0 ? [`  … and ${String(count)} more; --json prints them all.`] : [];
}

function verdict({ findings, is_damaged: isDamaged }: VerificationDocument): string {
  const damages = findings.filter(({ severity }) => severity === "damage").length;
  if (isDamaged) {
    return `Damaged: ${String(damages)} ${damages === 1 ? "finding" : "findings"}. Nothing was changed.`;
  }
  return findings.some(({ severity }) => severity === "unchecked")
    ? "No damage was found, but not everything could be checked: see above."
    : "Whole: every row is what was written, and follows the one before it.";
}
