import { AnomalyRecorded } from "../domain/anomaly.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";

/** An anomaly on record, as far as it can be read. */
export type AnomalyOnRecord = Pick<AnomalyRecorded, "kind" | "touches" | "action">;

/** Reads the anomalies without opening the ledger, so that nothing is mended. Skips damage. */
export function readAnomalies(place: LedgerFolder, ledgerId: string): readonly AnomalyOnRecord[] {
  const reader = JsonlReader.pastDamage(place, ledgerId);
  return [...reader.read("anomalies")].flatMap((row) => {
    const { data } = AnomalyRecorded.safeParse(row);
    return data ? [{ kind: data.kind, touches: data.touches, action: data.action }] : [];
  });
}
