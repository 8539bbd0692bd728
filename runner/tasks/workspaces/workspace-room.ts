import { existsSync, statfsSync } from "node:fs";
import path from "node:path";

const MEGABYTE = 1e6;
/** Agents write caches and logs, too, not only the files of a task. */
export const ROOM_BYTES_MIN = 100 * MEGABYTE;
const FILES_MIN = 1000;

/** Why no window can work below a folder, which need not exist yet; null if there is room. */
export function lackOfRoom(folder: string): string | null {
  const { bytes, files } = roomBelow(folder);
  const [least, got] =
    bytes < ROOM_BYTES_MIN
      ? [sayMegabytes(ROOM_BYTES_MIN), sayMegabytes(bytes)]
      : [`${String(FILES_MIN)} files`, String(files)];
  if (bytes >= ROOM_BYTES_MIN && files >= FILES_MIN) return null;
  return `room below ${folder}: expected ${least} free, got ${got}. Free some space there, or name another folder with --workspace-root (or --data-dir, if it is the data folder).`;
}

/** The free bytes and files on the file system of a folder. Some have no fixed number of files. */
export function roomBelow(folder: string): { readonly bytes: number; readonly files: number } {
  if (!existsSync(folder)) return roomBelow(path.dirname(folder));
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  return { bytes: bavail * bsize, files: files === 0 ? Infinity : ffree };
}

function sayMegabytes(bytes: number): string {
  return `${String(Math.floor(bytes / MEGABYTE))} MB`;
}
