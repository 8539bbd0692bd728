import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const Totals = z.record(z.string(), z.record(z.string(), z.number()));

/** What a real client sent by OpenTelemetry, and the tokens that the model server knew. */
export interface RecordedTelemetry {
  readonly name: string;
  /** Exports in JSON, one on each line, with what concerns tokens. */
  readonly lines: readonly string[];
  readonly totals: Readonly<Record<string, number>>;
}

export function recordedTelemetry(folder = import.meta.dirname): readonly RecordedTelemetry[] {
  const totals = Totals.parse(JSON.parse(readFileSync(path.join(folder, "totals.json"), "utf8")));
  return Object.entries(totals).map(([name, known]) => {
    const text = readFileSync(path.join(folder, `${name}.jsonl`), "utf8");
    return { name, lines: text.trim().split("\n"), totals: known };
  });
}
