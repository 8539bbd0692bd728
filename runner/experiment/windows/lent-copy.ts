import { unlink } from "node:fs/promises";
import path from "node:path";

import { parseJson, valueAt } from "../../platform/json/json-value.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import type { Reading } from "../../platform/reader/reading.ts";

/** An agent's copy of a log-in. */
interface LentCopy {
  readonly home: string;
  /** Its place in the home. */
  readonly name: string;
  /** The fields that hold its tokens. */
  readonly tokens: readonly (readonly string[])[];
}

const BYTES_MAX = 1024 * 1024;

/** Removes an agent's copy of a log-in. Resolves to the tokens that were in it, which only say whether it was swapped. */
export const removeCopy = inReader(import.meta.url, "copy", takeCopy);

async function takeCopy(
  { home, name, tokens }: LentCopy,
  reading: Reading,
): Promise<readonly string[]> {
  const tree = new LeftFolder(reading, home);
  // A link on the way would lead to the user's own file.
  if (!(await tree.isReached(name))) return [];
  const copy = parseJson(String(await tree.read(name, BYTES_MAX)));
  await unlink(path.join(home, name)).catch(() => undefined);
  return tokens
    .map((place) => valueAt(copy, place))
    .filter((token): token is string => typeof token === "string");
}
