import { globSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";

import { inReader, type Read } from "../../platform/reader/in-reader.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import { sayLeftOut } from "../../platform/reader/left-out.ts";
import type { Reading } from "../../platform/reader/reading.ts";
import { readResults, RESULTS_BYTES_MAX, type ResultsFormat } from "./read-results.ts";
import { ResultsFault, type TestResult } from "./test-result.ts";

/** The files to which tests write their results. */
interface ResultPlace {
  readonly tree: string;
  /** The folder in the tree in which the tests run. */
  readonly cwd: string;
  /** Which files, relative to that folder. */
  readonly pattern: string;
}

interface ResultFiles extends ResultPlace {
  readonly format: ResultsFormat;
  /** The working folder as the tests saw it. */
  readonly folder: string;
}

type Found = { readonly results: readonly TestResult[] } | { readonly fault: string };

const clearInReader = inReader(import.meta.url, "clear", clear);
const readInReader = inReader(import.meta.url, "read", readFiles);

/** Removes what is where results belong. @throws ResultsFault if it can't. */
export async function clearResults(place: ResultPlace): Promise<void> {
  valueOf(await clearInReader(place));
}

/** Reads the results that tests wrote. The tests ran code that is not trusted. @throws ResultsFault */
export async function readResultFiles(files: ResultFiles): Promise<readonly TestResult[]> {
  const found = valueOf(await readInReader(files));
  if ("fault" in found) throw new ResultsFault(found.fault);
  return found.results;
}

function valueOf<Value>({ value, leftOut }: Read<Value>): Value {
  if (value === null) throw new ResultsFault(sayLeftOut(leftOut));
  return value;
}

async function clear(place: ResultPlace): Promise<true> {
  for (const name of list(place)) {
    rmSync(path.join(place.cwd, name), { recursive: true, force: true });
  }
  return true;
}

async function readFiles(files: ResultFiles, reading: Reading): Promise<Found> {
  const folder = new LeftFolder(reading, files.cwd);
  const contents = [];
  for (const name of list(files)) {
    const content = await folder.read(name, RESULTS_BYTES_MAX);
    if (content !== null) contents.push(content);
  }
  const leftOut = reading.leftOut.list();
  if (leftOut.length > 0) return { fault: sayLeftOut(leftOut) };
  try {
    return { results: readResults(files.format, contents, files.folder) };
  } catch (error) {
    if (error instanceof ResultsFault) return { fault: error.message };
    throw error;
  }
}

/** The files that match, without those that a link leads to elsewhere. */
function list({ tree, cwd, pattern }: ResultPlace): readonly string[] {
  const root = realpathSync(tree);
  return globSync(pattern, { cwd })
    .toSorted()
    .filter((name) => {
      const folder = realpathSync(path.dirname(path.join(cwd, name)));
      return folder === root || folder.startsWith(`${root}/`);
    });
}
