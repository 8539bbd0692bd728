import { joinReadings, paneParser } from "../pane-reading.ts";
import { plainLines } from "../plain-lines.ts";
import { readCount } from "./read-count.ts";
import { readQuotaJson } from "./read-quota-json.ts";

const NEITHER = 'Expected the quota JSON or a count such as "prompts used 12 of 30", got neither.';

/** Reads the JSON of GLM's quota endpoint, or counts of prompts that the operator keeps. */
export const glmQuota = paneParser("glm-quota", "1", (text, capture) =>
  text.trimStart().startsWith("{")
    ? readQuotaJson(text, capture)
    : joinReadings(
        plainLines(text).flatMap((line) => readCount(line, capture) ?? []),
        NEITHER,
        [],
      ),
);
