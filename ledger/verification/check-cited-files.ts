import { join } from "node:path";

import { citedLogs, citedWork, isLogFile } from "../domain/cited-work.ts";
import type { Row } from "../domain/row.ts";
import { hasChangedEnds, hashFile } from "../store/copy-bytes.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";
import { sayChangedEnds } from "../store/line-ends.ts";
import type { CapturesToCheck } from "./check-captures.ts";
import type { Finding } from "./finding.ts";

/** Files that rows of windows cite. */
interface CitedKind {
  readonly cite: (row: Row) => readonly { readonly file: string; readonly sha256: string }[];
  readonly isName: (file: string) => boolean;
  readonly changed: Finding["kind"];
  readonly missing: Finding["kind"];
  readonly plural: string;
  /** What kind of file it is, and whose windows it belongs to. */
  readonly say: (windows: string) => string;
}

const KINDS: readonly CitedKind[] = [
  {
    cite: (row) => [citedWork(row)].filter((work) => work !== undefined),
    isName: (file) => /^captures\/[0-9a-f]{64}\.bundle$/u.test(file),
    changed: "work-changed",
    missing: "work-missing",
    plural: "bundles of kept work",
    say: (windows) => `the kept work of ${windows}`,
  },
  {
    cite: citedLogs,
    isName: isLogFile,
    changed: "log-changed",
    missing: "log-missing",
    plural: "files with the output of agents",
    say: (windows) => `what the agent of ${windows} printed`,
  },
];

interface CitedFile {
  /** Relative to the data folder. */
  readonly name: string;
  readonly sha256: string;
  /** The windows that cite it. */
  readonly windows: readonly string[];
}

/** Whether the kept work and the output of agents are what rows cite, as far as they are there. Never writes. */
export function checkCitedFiles(task: CapturesToCheck): readonly Finding[] {
  const reader = JsonlReader.pastDamage(task, task.ledgerId);
  const rows = [...reader.read("windows")];
  return KINDS.flatMap((kind) => checkKind(task, kind, listCited(rows, kind)));
}

/** Rows that can't be read cite nothing. */
function listCited(rows: readonly Row[], { cite }: CitedKind): readonly CitedFile[] {
  const cited = rows.flatMap((row) => cite(row).map((file) => ({ ...file, window: nameOf(row) })));
  const byFile = Map.groupBy(cited, ({ file, sha256 }) => JSON.stringify([file, sha256]));
  return [...byFile.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const windows = new Set([first, ...others].map(({ window }) => window));
    return [{ name: first.file, sha256: first.sha256, windows: [...windows] }];
  });
}

function checkKind(
  task: CapturesToCheck,
  kind: CitedKind,
  cited: readonly CitedFile[],
): readonly Finding[] {
  const checked = cited.map((file) => ({ file, found: hashOf(task, kind, file) }));
  const changed = checked.filter(({ file, found }) => ![null, file.sha256].includes(found));
  const missing = checked.filter(({ found }) => found === null).map(({ file }) => file);
  return [
    ...changed.map(({ file }) => changedFinding(task, kind, file)),
    ...missingFinding(kind, missing, cited.length),
  ];
}

/** Null if there is no file that can be read. */
function hashOf(
  { fileSystem, dataFolder }: CapturesToCheck,
  { isName }: CitedKind,
  { name }: CitedFile,
): string | null {
  const path = join(dataFolder, name);
  if (!isName(name) || fileSystem.stateAt(path) === undefined) return null;
  try {
    return hashFile(fileSystem, path);
  } catch {
    return null;
  }
}

function changedFinding(
  { fileSystem, dataFolder }: CapturesToCheck,
  { changed, say }: CitedKind,
  { name, sha256, windows }: CitedFile,
): Finding {
  const how = hasChangedEnds(fileSystem, join(dataFolder, name), sha256)
    ? sayChangedEnds(name)
    : "got other bytes: it was changed";
  const message = `${name}: expected ${say(nameAll(windows))} with the SHA-256 ${sha256}, as its row cites it; ${how}`;
  return { kind: changed, severity: "damage", file: "windows", message };
}

function missingFinding(
  { missing: kind, plural, say }: CitedKind,
  missing: readonly CitedFile[],
  all: number,
): readonly Finding[] {
  const [first] = missing;
  if (first === undefined) return [];
  const message = `${plural} that are missing next to the ledger, so they could not be checked: ${String(missing.length)} of ${String(all)}, first ${first.name}, ${say(nameAll(first.windows))}`;
  return [{ kind, severity: "unchecked", file: "windows", message }];
}

/** A worker keeps the files of its windows on its machine. */
function nameOf({ window, machine }: Row): string {
  const hasWorker = typeof machine === "object" && machine !== null && "worker" in machine;
  return hasWorker ? `${String(window)} (worker ${String(machine.worker)})` : String(window);
}

/** Equal files of several windows are one file. */
function nameAll([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${String(others.length)} more`;
}
