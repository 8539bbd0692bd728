import { describe, expect, it } from "vitest";

import { answerBrief } from "../document/answer-brief.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import type { Answer } from "../report/answer-data.ts";
import { buildReport } from "../report/build-report.ts";
import { renderBrief } from "./render-brief.ts";

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
    next: { text: long, hint: null, command: null },
  };
}

function endOf(report: Parameters<typeof answerBrief>[0]): readonly string[] {
  const lines = renderBrief(answerBrief(report, FILE), {}).split("\n");
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  expect(lines.at(-1)).toBe(`Report: ${FILE}`);
  return lines;
}

/** A name that is longer than a line is broken anywhere. */
function withoutBlanks(text = ""): string {
  return text.replaceAll(" ", "");
}

function nameTo(end: string): string {
  return `provider-${"of-models-".repeat(8)}${end}`;
}

const LONG_SENTENCE =
  "Is claude-sonnet-in-plan-mode cheaper than claude-opus-with-subagents, and as good? Can't tell yet: about 51 more families of tasks are needed (about 810,000 tokens).";
const LONG_COST =
  "Cheaper: can't tell yet. The cost ratio claude-opus-with-subagents ÷ claude-sonnet-in-plan-mode is 1.947 (95 % CS 0.8339 to 2.832, anytime-valid).";
const LONG_QUALITY =
  "As good: can't tell yet. claude-sonnet-in-plan-mode has 0.8617 of claude-opus-with-subagents's quality, at least 0.3286 (95 % one-sided, anytime-valid); 0.8 is required.";

describe("the end of a run", () => {
  it("has 12 lines of 80 columns at most, with the whole place of the report", async () => {
    const { report, answer } = await sampleReport();
    const answers = ["one", "two", "three"].map((name) => longAnswer(answer, name));
    expect(endOf({ ...report, answers }).at(-2)).toMatch(
      /^\+2 candidates more, see the report: two can't tell yet, /u,
    );
  });

  it("leads with a candidate to take", async () => {
    const { report, answer } = await sampleReport();
    const answers: readonly Answer[] = [
      { ...answer, candidate: "no", sentence: "no.", verdict: "no" },
      { ...answer, candidate: "open", sentence: "open." },
      { ...answer, candidate: "yes", sentence: "yes.", verdict: "yes" },
    ];
    const text = renderBrief(answerBrief({ ...report, answers }), {});
    expect(text).toMatch(/^yes\. /u);
    expect(text).toContain("+2 candidates more, see the report: open can't tell yet, no no.");
  });

  it("names the gravest first, and counts what it leaves out", async () => {
    const { report, answer } = await sampleReport();
    const missing_or_wrong = ["First.", "Second.", "Third.", "Fourth.", "Fifth."];
    const text = renderBrief(
      answerBrief({ ...report, answers: [{ ...answer, missing_or_wrong }] }),
      {},
    );
    expect(text).toContain(
      "Missing or wrong: First. Second. Third. 5 remarks in all, see the report.",
    );
  });

  it("lets no name of others reach the terminal's controls", async () => {
    const { report, answer } = await sampleReport();
    const answers = [{ ...answer, sentence: "x\u001B[2J\ny" }];
    expect(renderBrief(answerBrief({ ...report, answers }), {})).toMatch(/^x\\u001b\[2J y /u);
  });
});

describe("the end of a run with little room", () => {
  it("loses nothing of a long answer: remarks and a long command stay in the report", async () => {
    const { report, answer } = await sampleReport();
    const texts = {
      sentence: LONG_SENTENCE,
      how_sure:
        "The evidence is too weak. An answer is given only if fewer than 5 in 100 would be wrong.",
      cost: { ...answer.cost, text: LONG_COST },
      quality: { ...answer.quality, text: LONG_QUALITY },
      missing_or_wrong: ["15 tests fail only with one of the two providers.", LONG_QUALITY],
      next: {
        text: "Continue (12 tasks to go)",
        hint: null,
        command: `experiment run --seed 1 ${"--config 'one long name' ".repeat(12)}--resume`,
      },
    };
    const lines = endOf({ ...report, answers: [{ ...answer, ...texts }] });
    const said = lines.map((line) => line.trim()).join(" ");
    for (const text of [texts.sentence, texts.how_sure, LONG_COST, LONG_QUALITY])
      expect(said).toContain(text);
    expect(said).toContain("Missing or wrong: 2 remarks in all, see the report.");
    expect(said).toContain("What next: Continue (12 tasks to go): see the report.");
  });

  it("shows a part that fits after one that doesn't", async () => {
    const { report, answer } = await sampleReport();
    const cost = { ...answer.cost, text: "A cost that nobody can read. ".repeat(40).trim() };
    const said = endOf({ ...report, answers: [{ ...answer, cost }] }).join(" ");
    expect(said).not.toContain("A cost");
    for (const text of [answer.sentence, answer.how_sure, answer.quality.text])
      expect(said.replaceAll(/ +/gu, " ")).toContain(text);
  });

  it("answers with very long names too, and cuts nothing", async () => {
    const { report } = await sampleReport();
    const text = JSON.stringify(report.answers)
      .replaceAll(/\bcand\b/gu, nameTo("two"))
      .replaceAll(/\bbase\b/gu, nameTo("one"));
    const answers: readonly Answer[] = JSON.parse(text);
    const said = withoutBlanks(endOf({ ...report, answers: [...answers] }).join(""));
    expect(said).toContain(withoutBlanks(answers[0]?.sentence));
    expect(said).not.toContain("…");
  });

  it("keeps a command of two lines whole", async () => {
    const { report, answer } = await sampleReport();
    const command = `experiment run --seed 1 ${"--config 'one long name' ".repeat(3)}--resume`;
    const next = { text: "Continue (12 tasks to go)", hint: null, command };
    const shown = endOf({ ...report, answers: [{ ...answer, next }] }).join("\n");
    expect(shown.replaceAll(/ \\\n */gu, " ")).toContain(command);
  });

  it("leaves out the hint before the command", async () => {
    const { report, answer } = await sampleReport();
    const next = { text: "Add 9 tasks", hint: "so ".repeat(200), command: "experiment run" };
    const shown = endOf({ ...report, answers: [{ ...answer, next }] }).join("\n");
    expect(shown).toContain("What next: Add 9 tasks, then: experiment run\n");
  });
});
