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

function nameTo(end: string): string {
  return `provider-${"of-models-".repeat(8)}${end}`;
}

const LONG_SENTENCE =
  "claude-sonnet-in-plan-mode is cheaper than claude-opus-with-subagents and as good: can't tell yet (needs about 51 more families of tasks, about 810,000 tokens).";
const LONG_COST =
  "Cheaper: can't tell yet. The cost ratio claude-opus-with-subagents ÷ claude-sonnet-in-plan-mode is 1.947 (95 % CS 0.8339 to 2.832, anytime-valid).";
const LONG_QUALITY =
  "As good: can't tell yet. claude-sonnet-in-plan-mode has 0.8617 of claude-opus-with-subagents's quality, at least 0.3286 (95 % one-sided, anytime-valid); 0.8 is required.";

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

describe("the end of a run with little room", () => {
  it("loses nothing of a long answer: remarks and a long command move to the report first", async () => {
    const { report, answer } = await sampleReport();
    const texts = {
      sentence: LONG_SENTENCE,
      how_sure: "Not sure enough yet: at most 5 of 100 such answers may be wrong.",
      cost: { ...answer.cost, text: LONG_COST },
      quality: { ...answer.quality, text: LONG_QUALITY },
      missing_or_wrong: ["15 tests fail only with one of the two providers.", LONG_QUALITY],
      to_decide: `Continue (12 tasks to go): experiment run --seed 1 ${"--config 'one long name' ".repeat(12)}--resume`,
    };
    const shown = renderRunEnd(
      { ...report, answers: [{ ...answer, ...texts }] },
      { file: FILE, columns: 80 },
    );
    const lines = shown.split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    expect(shown).not.toContain("…");
    const said = lines.map((line) => line.trim()).join(" ");
    for (const text of [texts.sentence, texts.how_sure, LONG_COST, LONG_QUALITY])
      expect(said).toContain(text);
    expect(said).toContain("two providers. +1 more, see the report.");
    expect(said).toContain("What next: Continue (12 tasks to go): see the report.");
  });

  it("answers with very long names too: it cuts them in the middle, and says where they are whole", async () => {
    const { report } = await sampleReport();
    const text = JSON.stringify(report.answers)
      .replaceAll(/\bcand\b/gu, nameTo("two"))
      .replaceAll(/\bbase\b/gu, nameTo("one"));
    const answers: readonly Answer[] = JSON.parse(text);
    const lines = renderRunEnd({ ...report, answers: [...answers] }, { file: FILE, columns: 80 });
    expect(lines.split("\n").length).toBeLessThanOrEqual(12);
    const shown = lines.replaceAll(/\n */gu, " ");
    const [answer] = answers;
    const cut = (said = "") =>
      said
        .replaceAll(nameTo("two"), "provider-…dels-two")
        .replaceAll(nameTo("one"), "provider-…dels-one");
    for (const said of [answer?.sentence, answer?.cost.text, answer?.quality.text]) {
      expect(shown).toContain(cut(said));
    }
    expect(shown).toContain("Names are cut here, and whole in the report.");
  });

  it("keeps a command of two lines whole", async () => {
    const { report, answer } = await sampleReport();
    const to_decide = `Continue (12 tasks to go): experiment run --seed 1 ${"--config 'one long name' ".repeat(3)}--resume`;
    const shown = renderRunEnd(
      { ...report, answers: [{ ...answer, to_decide }] },
      { file: FILE, columns: 80 },
    );
    expect(shown.replaceAll(/ \\\n */gu, " ")).toContain(to_decide.split(": ")[1]);
    expect(shown).not.toContain("…");
  });
});
