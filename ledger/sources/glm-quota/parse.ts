import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import {
  type Capture,
  failed,
  joinReadings,
  type PaneReading,
  paneParser,
} from "../pane-reading.ts";
import { plainLines } from "../plain-lines.ts";
import { readCount } from "./read-count.ts";
import { readQuotaJson, unreadable } from "./read-quota-json.ts";

const NEITHER = 'Expected the quota JSON or a count such as "prompts used 12 of 30", got neither.';

/** A file in which the operator counts prompts. */
const OwnCount = z.looseObject({
  blocks: z.array(z.looseObject({ prompts_used: z.int().nonnegative() })),
});

/** Reads the JSON of GLM's quota endpoint, or counts of prompts that the operator keeps. */
export const glmQuota = paneParser("glm-quota", "4", (text, capture) =>
  noteExcess(
    text.trimStart().startsWith("{")
      ? readJson(parseJson(text), capture)
      : readCounts(plainLines(text), capture),
  ),
);

/** A plan may let its limit be passed, but a figure may also be wrong. */
function noteExcess(reading: PaneReading): PaneReading {
  const excess = reading.meters.flatMap(({ name, used, limit = used, unit }) =>
    used > limit
      ? [`${name}: more was used than the limit: ${String(used)} of ${String(limit)} ${unit}.`]
      : [],
  );
  return { ...reading, notes: [...reading.notes, ...excess] };
}

function readJson(json: unknown, capture: Capture): PaneReading {
  if (json === undefined) return unreadable("text that is not JSON");
  const own = OwnCount.safeParse(json).data;
  if (own === undefined) return readQuotaJson(json, capture);
  const [only] = own.blocks;
  return only === undefined || own.blocks.length > 1
    ? failed(`Expected one block with prompts_used, got ${String(own.blocks.length)}.`)
    : readCounts([`prompts used ${String(only.prompts_used)}`], capture);
}

function readCounts(lines: readonly string[], capture: Capture): PaneReading {
  return joinReadings(
    lines.flatMap((line) => readCount(line, capture) ?? []),
    NEITHER,
    [],
  );
}
