import { z } from "zod";

import { ConfigurationError } from "../platform/environment/configuration-error.ts";
import { parseYamlFile } from "../platform/yaml/yaml-faults.ts";
import { checkRound, isAfterReview, type Review } from "./check-round.ts";
import { type Handoff, HandoffKind, HANDOFFS } from "./handoff-schema.ts";

const FENCE = /^---[ \t]*$/u;

/**
 * Reads the front matter of a handoff by the schema of its kind. The Markdown after it is free text.
 * @throws ConfigurationError with one fault per line: `file:line: expected …, got … . Remedy.`
 */
export function parseHandoff(file: string, text: string): Handoff {
  const frontMatter = readFrontMatter(file, text);
  const { handoff } = parseYamlFile(file, frontMatter, HandoffKind);
  return parseYamlFile(file, frontMatter, HANDOFFS[handoff]);
}

/**
 * Reads the handoff that follows a review: its findings have the numbers and names that the review gave them.
 * @throws ConfigurationError as `parseHandoff` does.
 */
export function parseHandoffAfter(review: Review, file: string, text: string): Handoff {
  const handoff = parseHandoff(file, text);
  if (!isAfterReview(handoff)) {
    throw new ConfigurationError(
      `${file}: expected a review or an implementation after a review, got a handoff of the kind "${handoff.handoff}". Name the handoff that follows it.`,
    );
  }
  const Round = z.looseObject({}).superRefine((_, context) => {
    for (const { path, expected, ...end } of checkRound(handoff, review)) {
      context.addIssue({ code: "custom", path: [...path], message: expected, params: end });
    }
  });
  parseYamlFile(file, readFrontMatter(file, text), Round);
  return handoff;
}

/** The YAML in front of the Markdown. An empty line replaces the first fence, so that lines keep their numbers. */
function readFrontMatter(file: string, text: string): string {
  const [first = "", ...lines] = text.replace(/^\uFEFF/u, "").split(/\r?\n/u);
  const end = lines.findIndex((line) => FENCE.test(line));
  if (!FENCE.test(first)) {
    throw new ConfigurationError(
      `${file}:1: expected front matter that begins with "---", got ${JSON.stringify(first.slice(0, 80))}. Begin the file with a line "---".`,
    );
  }
  if (end < 0) {
    throw new ConfigurationError(
      `${file}:${String(lines.length + 1)}: expected front matter that ends with "---", got the end of the file. Write a line "---" after the last field.`,
    );
  }
  return `\n${lines.slice(0, end).join("\n")}\n`;
}
