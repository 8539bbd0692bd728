import { spawnSync } from "node:child_process";
import type { Stats } from "node:fs";

/** Bytes of a file that are not in a hole. */
export interface DataRange {
  readonly from: number;
  readonly bytes: number;
}

/** A smaller file is read with its holes. */
const SPARSE_BYTES_MIN = 16 * 1024 * 1024;
const BLOCK_BYTES = 512;
const MAP_BYTES_MAX = 1024 * 1024;
const LIMIT_MS = 10_000;

/**
 * The ranges of a file that hold data. Node can't ask for them, but tar can: the archive of a sparse file begins with
 * its map. A file whose map can't be had is one range.
 */
export function dataRanges(file: string, { size, blocks }: Stats): readonly DataRange[] {
  const whole = [{ from: 0, bytes: size }];
  if (size < SPARSE_BYTES_MIN || blocks * BLOCK_BYTES >= size) return whole;
  const archive = spawnSync(
    "tar",
    ["--create", "--sparse", "--format=posix", "--file=-", "--", file],
    {
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: MAP_BYTES_MAX,
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    },
  );
  // Null if there is no tar.
  const { stdout }: { readonly stdout: Buffer | null } = archive;
  return (stdout && readMap(stdout)) ?? whole;
}

const TYPE_AT = 156;
const SIZE_AT = 124;
const SIZE_CHARACTERS = 12;
const EXTENDED = "x";

/** Reads the map that follows the two headers: how many ranges, then where each begins and how long it is. */
function readMap(archive: Buffer): readonly DataRange[] | null {
  if (archive.toString("latin1", TYPE_AT, TYPE_AT + 1) !== EXTENDED) return null;
  const size = archive.toString("latin1", SIZE_AT, SIZE_AT + SIZE_CHARACTERS);
  const extendedBytes = Math.ceil(Number.parseInt(size, 8) / BLOCK_BYTES) * BLOCK_BYTES;
  const lines = archive.toString("latin1", 2 * BLOCK_BYTES + extendedBytes).split("\n");
  const count = Number(lines[0]);
  const map = lines.slice(1, 2 * count + 1).map(Number);
  const isWhole = Number.isSafeInteger(count) && map.length === 2 * count;
  if (!isWhole || !map.every((one) => Number.isSafeInteger(one))) return null;
  return Array.from({ length: count }, (_, index) => ({
    from: map[2 * index] ?? 0,
    bytes: map[2 * index + 1] ?? 0,
  })).filter(({ bytes }) => bytes > 0);
}
