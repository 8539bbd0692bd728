import { createReadStream } from "node:fs";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { decodeText } from "./decode-text.ts";

/** A pane is one screen. A larger input is another file. */
const INPUT_BYTES_MAX = 1_048_576;

/**
 * The text of a file, or of stdin without a file.
 * @throws TrackerUsageError if it can't be read, is empty or is too large.
 */
export async function readInput(
  file: string | undefined,
  { cwd, stdin, stderr }: Pick<Environment, "cwd" | "stdin" | "stderr">,
): Promise<string> {
  if (file === undefined && "isTTY" in stdin && stdin.isTTY === true) {
    stderr.write("Paste the pane, then press Ctrl-D.\n");
  }
  const place = file === undefined ? "stdin" : path.resolve(cwd, file);
  const stream = file === undefined ? stdin : createReadStream(place);
  const text = await readBounded(stream, place);
  if (text.trim() !== "") return text;
  throw new TrackerUsageError(
    `${place}: expected a captured pane, got nothing. Name its file with --file, or pipe it in.`,
  );
}

async function readBounded(stream: NodeJS.ReadableStream, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > INPUT_BYTES_MAX) break;
      chunks.push(part);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrackerUsageError(
      `${place}: expected a file that can be read, got: ${reason}. Name another one with --file.`,
      { cause },
    );
  }
  if (bytes <= INPUT_BYTES_MAX) return decodeText(Buffer.concat(chunks), place);
  throw new TrackerUsageError(
    `${place}: expected a captured pane of at most ${String(INPUT_BYTES_MAX)} bytes, got more. Capture the pane alone.`,
  );
}
