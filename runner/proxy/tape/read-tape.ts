import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { RecordedExchange, type TapedExchange } from "./recorded-exchange.ts";

/** A folder that holds no recording, or a damaged one. */
class TapeError extends CounterbalanceError {
  readonly exitCode = 2;
}

/** A folder's recorded exchanges, in the order in which they were sent. */
export function readTape(folder: string): readonly TapedExchange[] {
  const names = list(folder).filter((name) => /^\d{6,}\.json$/.test(name));
  if (names.length === 0) {
    throw new TapeError(
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
  const recorded = RecordedExchange.safeParse(parse(readFileSync(file, "utf8")));
  if (recorded.success) return recorded.data;
  throw new TapeError(`${file}: expected a recorded exchange. Leave it out, or record anew.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
