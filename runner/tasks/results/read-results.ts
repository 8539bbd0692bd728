import { readGoJson } from "./read-go-json.ts";
import { readJunit } from "./read-junit.ts";
import { readTap } from "./read-tap.ts";
import { Results, ResultsFault, type TestResult } from "./test-result.ts";

export type ResultsFormat = "junit" | "tap" | "go_json";

/** A larger report is not read: reading stops everything else for seconds. */
export const RESULTS_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Reads the results of tests from the files that their runner wrote, each a part of the whole.
 * @param folder the working folder of the tests; names of files are given relative to it.
 * @throws ResultsFault that says what is missing or cut
 */
export function readResults(
  format: ResultsFormat,
  files: readonly Uint8Array[],
  folder: string,
): readonly TestResult[] {
  if (files.length === 0) throw new ResultsFault("there is no file");
  const results = new Results();
  for (const bytes of files) {
    for (const result of readOne(format, bytes, folder)) results.add(result);
  }
  return results.list();
}

function readOne(format: ResultsFormat, bytes: Uint8Array, folder: string): readonly TestResult[] {
  if (bytes.length > RESULTS_BYTES_MAX) {
    throw new ResultsFault(`it has more than ${String(RESULTS_BYTES_MAX)} bytes`);
  }
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") throw new ResultsFault("it is empty");
  switch (format) {
    case "junit":
      return readJunit(text, folder);
    case "tap":
      return readTap(text);
    case "go_json":
      return readGoJson(text);
  }
}
