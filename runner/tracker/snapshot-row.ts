import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";

/** The window's key, as every row of it carries it. */
type KeyFields = Readonly<Record<string, unknown>> & { readonly window: string };

/** One reading of a provider's meters, by whatever read them. */
export interface ReadingParts {
  readonly key: KeyFields;
  readonly phase: "before" | "after";
  readonly meters: readonly Meter[];
  readonly parser: { readonly name: string; readonly version: string };
  readonly capture?: { readonly raw: string | null; readonly raw_sha256: string };
  readonly notes?: readonly string[];
  readonly errors?: readonly string[];
}

/** The row of a reading: of a pane, of a value typed by hand, or of the session's own counter. */
export function snapshotRow(parts: ReadingParts): NewRow {
  const { key, phase, meters, parser, capture, notes = [], errors = [] } = parts;
  return {
    record: "snapshot_taken",
    ...key,
    phase,
    meters,
    ...(capture ?? { raw: null, raw_sha256: null }),
    parser: parser.name,
    parser_version: parser.version,
    notes,
    errors,
  };
}
