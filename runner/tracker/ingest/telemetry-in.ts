import { createReadStream } from "node:fs";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import {
  readTelemetry,
  type TelemetryRequest,
} from "../../../ledger/sources/proxy-telemetry/parse.ts";
import { readLines, textOf } from "../../../ledger/sources/read-lines.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";

/**
 * The requests in a file of a proxy's telemetry.
 * @throws TrackerUsageError naming the first line that says something else.
 */
export async function* telemetryIn(file: string): AsyncGenerator<TelemetryRequest> {
  try {
    for await (const lines of readLines(createReadStream(file))) {
      for (const line of lines) {
        const { number } = line;
        const text = textOf(line);
        const read = text.trim() === "" ? null : readTelemetry(text, number);
        if (read === null) continue;
        if ("kind" in read) {
          throw new TrackerUsageError(
            `${file}, line ${String(number)}: ${read.reason}. ${read.text}`,
          );
        }
        yield read;
      }
    }
  } catch (cause) {
    if (cause instanceof TrackerUsageError) throw cause;
    throw new TrackerUsageError(
      `${file}: expected a file that can be read, got: ${reasonOf(cause)}. Correct its name.`,
      { cause },
    );
  }
}
