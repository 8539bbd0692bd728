import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { Phase } from "./manual-window.ts";

/** One reading of a provider's meters, from any source. */
interface Reading {
  /** The fields that every row of the window has. */
  readonly key: Readonly<Record<string, unknown>> & { readonly window: string };
  readonly phase: Phase;
  readonly meters: readonly Meter[];
  readonly parser: { readonly name: string; readonly version: string };
  readonly capture?: { readonly raw: string | null; readonly raw_sha256: string };
  readonly notes?: readonly string[];
  readonly errors?: readonly string[];
}

/** The row of a reading: of a pane, of a typed value, of a vendor's headers or of the proxy's counter. */
export function snapshotRow(reading: Reading): NewRow {
  const { key, phase, meters, parser, capture, notes = [], errors = [] } = reading;
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
