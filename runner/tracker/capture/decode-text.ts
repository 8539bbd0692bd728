import { TrackerUsageError } from "../windows/tracker-errors.ts";

/**
 * The text of a file in UTF-8, or in UTF-16 that begins with its byte order mark.
 * @throws TrackerUsageError for UTF-16 without the mark, and for a file that is not text.
 */
export function decodeText(bytes: Buffer, place: string): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (!text.includes("\0")) return text;
  throw new TrackerUsageError(
    `${place}: expected text in UTF-8, or in UTF-16 with a byte order mark, got zero bytes. Save the pane as UTF-8.`,
  );
}

function encodingOf([first, second]: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}
