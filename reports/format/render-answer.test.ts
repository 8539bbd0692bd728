import { describe, expect, it } from "vitest";

import type { Answer } from "../decisions/answer-data.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { renderAnswers, renderRunEnd } from "./render-answer.ts";

const FILE = ".experiment/reports/0123456789ab/report.md";

async function sampleReport() {
  const report = buildReport(await viewOf(rowsOf(FOUR_PAIRS)));
  const [answer] = report.answers;
  if (answer === undefined) throw new Error("The sample has a candidate.");
  return { report, answer };
}

function longAnswer(answer: Answer, candidate: string): Answer {
  const long = `${candidate} has much to say about itself, `.repeat(6);
  return {
    ...answer,
    candidate,
    sentence: long,
    cost: { ...answer.cost, text: long },
    quality: { ...answer.quality, text: long },
    missing_or_wrong: [long, long, long, long],
    to_decide: long,
  };
}

describe("the end of a run", () => {
  it("has 12 lines of 80 columns at most, with the whole place of the report", async () => {
    const { report, answer } = await sampleReport();
    const answers = ["one", "two", "three"].map((name) => longAnswer(answer, name));
    const lines = renderRunEnd({ ...report, answers }, { file: FILE, columns: 80 }).split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    expect(lines.at(-1)).toBe(`Report: ${FILE}`);
    expect(lines.at(-2)).toMatch(/^\+2 candidates more, see the report: two can't tell yet, /u);
  });

  it("leads with a candidate to take", async () => {
    const { report, answer } = await sampleReport();
    const answers: readonly Answer[] = [
      { ...answer, candidate: "no", sentence: "no.", verdict: "no" },
      { ...answer, candidate: "open", sentence: "open." },
      { ...answer, candidate: "yes", sentence: "yes.", verdict: "yes" },
    ];
    const text = renderAnswers({ ...report, answers }, 80);
    expect(text.split("\n")[0]).toBe("yes.");
    expect(text).toContain("+2 candidates more, see the report: open can't tell yet, no no.");
  });

  it("names the gravest first, and counts what it leaves out", async () => {
    const { report, answer } = await sampleReport();
    const missing_or_wrong = ["First.", "Second.", "Third.", "Fourth.", "Fifth."];
    const text = renderAnswers({ ...report, answers: [{ ...answer, missing_or_wrong }] }, 80);
    expect(text).toContain("Missing or wrong: First. Second. Third. +2 more, see the report.");
  });

  it("lets no name of others reach the terminal's controls", async () => {
    const { report, answer } = await sampleReport();
    const answers = [{ ...answer, sentence: "x\u001B[2J\ny" }];
    expect(renderAnswers({ ...report, answers }, 80).split("\n")[0]).toBe(String.raw`x\u001b[2J y`);
  });
});
