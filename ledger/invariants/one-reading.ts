import { epochMsOf } from "../domain/timestamp.ts";

/** A reading that counts, as far as the next one is judged by it. */
interface ReadingPlace {
  readonly id: string;
  readonly capturedAt: string;
}

/** The readings of one provider window and attempt. */
export interface WindowReadings<Reading extends ReadingPlace = ReadingPlace> {
  readonly before: Reading | undefined;
  readonly after: Reading | undefined;
}

/** Why a reading may not be taken. */
export type ReadingRefusal =
  | { readonly reason: "second"; readonly first: ReadingPlace }
  | { readonly reason: "no-before" }
  | { readonly reason: "older-than-before"; readonly before: ReadingPlace };

/** Invariant 5: one `before` and one `after`, the second not older than the first. */
export function refuseReading(
  { phase, capturedAt }: { readonly phase: "before" | "after"; readonly capturedAt: string },
  { before, after }: WindowReadings,
): ReadingRefusal | undefined {
  const first = phase === "before" ? before : after;
  if (first !== undefined) return { reason: "second", first };
  if (phase === "before") return undefined;
  if (before === undefined) return { reason: "no-before" };
  return epochMsOf(capturedAt) < epochMsOf(before.capturedAt)
    ? { reason: "older-than-before", before }
    : undefined;
}
