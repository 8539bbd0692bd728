import { join } from "node:path";

import { hasChangedEnds, hashFile } from "../store/copy-bytes.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";
import { sayChangedEnds } from "../store/line-ends.ts";
import type { Finding } from "./finding.ts";

/** As readings cite their captures; what says otherwise leads nowhere. */
const CAPTURE = /^captures\/[0-9a-f]{64}\.txt$/u;
const FINDINGS_MAX = 100;

export interface CapturesToCheck extends LedgerFolder {
  readonly ledgerId: string;
  /** The folder that the names of captures are relative to. */
  readonly dataFolder: string;
}

/** Whether the files that readings cite for their large captures are what was captured. Never writes. */
export function checkCaptures(task: CapturesToCheck): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [name, sha256] of citedCaptures(task)) {
    const finding = checkCapture(task, name, sha256);
    if (finding !== undefined) findings.push(finding);
    if (findings.length >= FINDINGS_MAX) break;
  }
  return findings;
}

/** Names by the hashes that the rows say; of rows that can be read. */
function citedCaptures(task: CapturesToCheck): ReadonlyMap<string, string> {
  const reader = JsonlReader.pastDamage(task, task.ledgerId);
  const cited = new Map<string, string>();
  for (const row of reader.read("snapshots")) {
    const { raw_file: name, raw_sha256: sha256 } = row;
    if (typeof name === "string" && typeof sha256 === "string") cited.set(name, sha256);
  }
  return cited;
}

function checkCapture(
  { fileSystem, dataFolder }: CapturesToCheck,
  name: string,
  sha256: string,
): Finding | undefined {
  const path = join(dataFolder, name);
  if (!CAPTURE.test(name) || fileSystem.stateAt(path) === undefined) {
    const message = `${name}, which a reading cites, is missing next to the ledger; the row has what was read from it`;
    return { kind: "capture-missing", severity: "note", file: "snapshots", message };
  }
  if (hashFile(fileSystem, path) === sha256) return undefined;
  const how = hasChangedEnds(fileSystem, path, sha256)
    ? sayChangedEnds(name)
    : "got other bytes: it was changed";
  const message = `${name}: expected the capture with the SHA-256 ${sha256}, as its reading cites it; ${how}`;
  return { kind: "capture-changed", severity: "damage", file: "snapshots", message };
}
