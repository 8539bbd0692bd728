import { open } from "node:fs/promises";

import { parseJson } from "../../platform/json/json-value.ts";

const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Parses the lines of a captured output that contain a text. It skips lines that are not JSON. A
 * capture that was never written has no events.
 */
export async function* readEvents(capture: string, text: string): AsyncGenerator {
  const file = await open(capture).catch(() => undefined);
  if (file === undefined) return;
  for await (const line of file.readLines({ encoding: "utf8", end: BYTES_MAX - 1 })) {
    if (line.includes(text)) yield parseJson(line);
  }
}
