import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { englishFaults } from "./documents/english-faults.ts";
import { readTexts } from "./documents/read-texts.ts";

/** This file quotes what it rejects. */
const EXEMPT = "step-definitions/plain-english.test.ts";
const READ = /\.(?:md|c?ts|m?js|feature|ya?ml)$|^\.ci\/run$/;

const files = execFileSync("git", ["ls-files"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => READ.test(file) && file !== EXEMPT);

test.each(files)("%s is written in plain English", (file) => {
  const faults = readTexts(file).flatMap((text) =>
    englishFaults(text).map((fault) => `${file}:${text.line}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

describe("the rules of plain English", () => {
  test.each([
    ["Of two readings the last one counts.", 'a sentence opens with "Of"'],
    ["It waits. Where nobody says, no look is taken.", 'a sentence opens with "Where"'],
    ["Who pays by the month pays for capacity.", 'a sentence opens with "Who"'],
    ["What is unknown is no zero.", 'a sentence opens with "What is"'],
  ])("reject: %s", (text, fault) => {
    expect(englishFaults({ line: 1, text })).toEqual([fault]);
  });

  test.each([
    "The row\ncounts no more.",
    "They are told of a rate limit.",
    "It marks a window that is none.",
    "The ledger can be gone on with.",
    "The window counts all the same.",
    "A price that nobody tells is unknown.",
    "No look is taken, and `complete` tells so.",
    "A window worked by hand has no tokens.",
    "The tape answers.",
  ])("reject: %s", (text) => {
    expect(englishFaults({ line: 1, text })).toHaveLength(1);
  });

  test.each([
    "What is measured?",
    "Where does a reading come from?",
    "The view `counts_no_more` has these rows.",
    "It is of no use where a meter is missing.",
  ])("accept: %s", (text) => {
    expect(englishFaults({ line: 1, text })).toEqual([]);
  });
});
