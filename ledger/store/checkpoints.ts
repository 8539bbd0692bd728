import { CheckpointMade } from "../domain/checkpoint-made.ts";
import type { NewRow } from "../domain/row.ts";
import type { LedgerFolder } from "./file-system.ts";
import { headsSha256 } from "./heads-sha256.ts";
import { lastRowIn, lastRowOf, parseLine } from "./last-row.ts";
import { TRAILER_BYTES } from "./row-line.ts";
import { damagedAt, listSegments, withSegment } from "./segments.ts";
import type { Damage } from "./store-errors.ts";
import type { Head } from "./store.ts";

/** The newest checkpoint; undefined if there is none yet. */
export function lastCheckpoint(place: LedgerFolder): CheckpointMade | undefined {
  const { active } = listSegments(place, "checkpoints");
  for (let segment = active; segment > 0; segment -= 1) {
    const last = lastRowOf(place, { file: "checkpoints", segment });
    const row = last && parseLine("checkpoints", last.line);
    const checkpoint = CheckpointMade.safeParse(row);
    if (checkpoint.success) return checkpoint.data;
  }
  return undefined;
}

/**
 * Refuses a ledger that lacks rows which its last checkpoint names.
 * @throws LedgerDamagedError
 */
export function refuseLostRows(place: LedgerFolder, checkpoint: CheckpointMade | undefined): void {
  for (const head of checkpoint?.heads ?? []) {
    const damage = damageAt(place, head);
    if (damage !== undefined) throw damagedAt(place.folder, damage);
  }
}

/** How a file contradicts a head: it is gone, shorter, or has another row at that place. */
export function damageAt(place: LedgerFolder, head: Head): Damage | undefined {
  const { file, segment, seq, h, bytes } = head;
  // A head at the start of a segment names the end of the one before, which the chain checks.
  if (bytes === 0) return undefined;
  const found = withSegment(place, head, (fd) => {
    if (place.fileSystem.stateOf(fd).size < bytes) return "the segment ends before it";
    const last = lastRowIn(place.fileSystem, { fd, from: 0, to: bytes });
    return last?.h === h && last.end === bytes ? "" : "something else is there";
  });
  if (found === "") return undefined;
  const what = `a checkpoint names row ${seq} with hash ${h} as ending at byte ${bytes} of segment ${segment}, but ${found ?? "the segment is missing"}`;
  const offset = Math.max(0, bytes - TRAILER_BYTES - 1);
  return { file, segment, offset, bytes: bytes - offset, what };
}

/**
 * Leaves out checkpoints.jsonl, which holds the row itself: its chain binds each checkpoint to
 * those before it.
 */
export function checkpointRow(ledgerId: string, heads: readonly Head[]): NewRow {
  const others = heads.filter(({ file }) => file !== "checkpoints");
  const sha256 = headsSha256(others);
  return { record: "checkpoint_made", ledger_id: ledgerId, heads: others, heads_sha256: sha256 };
}
