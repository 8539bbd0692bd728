import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { parseJson } from "../metering/json-value.ts";
import { RecordedExchange, type StoredExchange } from "./recorded-exchange.ts";

/** A folder has no recording, or a damaged one. */
class UnreadableRecordingError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** A folder's recorded exchanges, in the order in which the proxy sent them. */
export function readRecording(folder: string): readonly StoredExchange[] {
  const names = list(folder).filter((name) => /^\d{6,}\.json$/.test(name));
  if (names.length === 0) {
    throw new UnreadableRecordingError(
      `${folder}: expected a folder of recorded exchanges, found none. Make one with --record.`,
    );
  }
  return names.toSorted().map((name) => ({ ...readOne(path.join(folder, name)), name }));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOne(file: string): RecordedExchange {
  const recorded = RecordedExchange.safeParse(parseJson(readFileSync(file, "utf8")));
  if (recorded.success) return recorded.data;
  throw new UnreadableRecordingError(
    `${file}: expected a recorded exchange. Leave it out, or record anew.`,
  );
}
