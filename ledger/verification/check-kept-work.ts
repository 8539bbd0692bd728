import { join } from "node:path";

import { citedWork } from "../domain/cited-work.ts";
import { hashFile } from "../store/copy-bytes.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";
import type { CapturesToCheck } from "./check-captures.ts";
import type { Finding } from "./finding.ts";

/** As rows cite bundles; what says otherwise leads nowhere. */
const BUNDLE = /^captures\/[0-9a-f]{64}\.bundle$/u;

interface Bundle {
  /** Relative to the data folder. */
  readonly name: string;
  readonly sha256: string;
  /** Names of the windows whose work it is. */
  readonly windows: readonly string[];
}

/** Whether the git bundles that rows cite are the work that was graded. Never writes. */
export function checkKeptWork(task: CapturesToCheck): readonly Finding[] {
  const bundles = citedBundles(task);
  const checked = bundles.map((bundle) => ({ bundle, found: hashOf(task, bundle) }));
  const missing = checked.filter(({ found }) => found === null).map(({ bundle }) => bundle);
  const changed = checked.filter(({ bundle, found }) => ![null, bundle.sha256].includes(found));
  return [
    ...changed.map(({ bundle }) => changedFinding(bundle)),
    ...missingFinding(missing, bundles.length),
  ];
}

/** Rows that can't be read cite nothing. */
function citedBundles({ ledgerId, ...place }: CapturesToCheck): readonly Bundle[] {
  const reader = new JsonlReader({ ...place, ledgerId, onDamage: () => undefined });
  const cited = [...reader.read("windows")].flatMap((row) => {
    const work = citedWork(row);
    return work === undefined ? [] : [{ ...work, window: String(row["window"]) }];
  });
  const byFile = Map.groupBy(cited, ({ file, sha256 }) => JSON.stringify([file, sha256]));
  return [...byFile.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const windows = new Set([first, ...others].map(({ window }) => window));
    return [{ name: first.file, sha256: first.sha256, windows: [...windows] }];
  });
}

/** Null if there is no file that can be read. */
function hashOf({ fileSystem, dataFolder }: CapturesToCheck, { name }: Bundle): string | null {
  const path = join(dataFolder, name);
  if (!BUNDLE.test(name) || fileSystem.stateAt(path) === undefined) return null;
  try {
    return hashFile(fileSystem, path);
  } catch {
    return null;
  }
}

function changedFinding(bundle: Bundle): Finding {
  const message = `${bundle.name}: expected the kept work of ${nameWindows(bundle)} with the SHA-256 ${bundle.sha256}, as its row cites it, got other bytes: it was changed`;
  return { kind: "work-changed", severity: "damage", file: "windows", message };
}

function missingFinding(missing: readonly Bundle[], all: number): readonly Finding[] {
  const [first] = missing;
  if (first === undefined) return [];
  const message = `bundles of kept work that are not beside the ledger, so that they could not be checked: ${String(missing.length)} of ${String(all)}, first ${first.name}, the work of ${nameWindows(first)}`;
  return [{ kind: "work-missing", severity: "unchecked", file: "windows", message }];
}

/** Equal work of several windows is one bundle. */
function nameWindows({ windows: [first = "", ...others] }: Bundle): string {
  return others.length === 0 ? first : `${first} and ${String(others.length)} more`;
}
