import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  interrupted,
  opened,
  registered,
  registration,
} from "../../ledger/views/test-support/sample-rows.ts";
import { rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "./build-report.ts";

type Fields = Readonly<Record<string, unknown>>;

const UNPRICED = { amount: null, known: 5000, unpriced: ["ghost"], untold: 0, reported: null };
const NO_YES =
  "Begin another experiment in which every cost is known: this one can't end with yes.";

/** Twelve pairs whose candidate is `ratio` times cheaper, and these fields in the row of W0-03. */
function rowsWith(ratio: number, measure: "usd" | "tokens", fields: Fields = {}): readonly Filed[] {
  const pairs = Array.from({ length: 12 }, (_, index) => ({
    feature: `f${String(index).padStart(2, "0")}`,
    order: index % 2 === 0 ? ("AB" as const) : ("BA" as const),
    costs: {
      base: 8000 + 137 * (index % 5),
      cand: Math.round((8000 + 610 * (index % 7)) / ratio),
    },
  }));
  return rowsOf(pairs).map(([file, row]): Filed => {
    if (row.record === "experiment_registered") {
      return [file, registered({ registration: registration({ analysis: { cost: measure } }) })];
    }
    if (row.record !== "window_finalized") return [file, row];
    const cost = { ...Object(row["cost"]), measure };
    return [file, { ...row, cost, ...(row["window"] === "W0-03" ? fields : {}) }];
  });
}

/** The same rows if the candidate's window of the second pair had an attempt with this end before. */
function retried(ratio: number, end: Fields): readonly Filed[] {
  const cell = { window: "W0-03", provider: "cand", feature_id: "f01", period: 1 };
  return rowsWith(ratio, "tokens", { attempt: 2 }).flatMap((filed): readonly Filed[] =>
    filed[1].record === "window_finalized" && filed[1]["window"] === "W0-03"
      ? [["windows", interrupted(cell, 100, end)], filed]
      : [filed],
  );
}

async function answerTo(rows: readonly Filed[]) {
  const { answers } = buildReport(await viewOf(rows));
  const [answer] = answers;
  if (answer === undefined) throw new Error("Expected an answer.");
  return answer;
}

const BOUND = { cost: { measure: "tokens", amount: 2000, is_lower_bound: true } };

describe("an answer on a lower bound", () => {
  it("asks for the price that lacks, although tasks are left", async () => {
    const rows = rowsWith(4, "usd", {
      cost: { measure: "usd", amount: 2000, is_lower_bound: true },
      dollars: UNPRICED,
    });
    const left = rows.filter(
      ([, row]) => row["feature_id"] !== "f11" || row.record === "feature_assigned",
    );
    for (const some of [rows, left]) {
      const answer = await answerTo(some);
      expect(answer).toMatchObject({ verdict: "unknown", more_tasks: null });
      expect(answer.to_decide).toContain(
        'Give ghost a price under "prices", then begin another experiment: experiment run',
      );
      expect(answer.cost.text).toContain("). A cost is a lower bound.");
    }
  });

  it("asks for known costs if no price lacks", async () => {
    const answer = await answerTo(rowsWith(4, "tokens", BOUND));
    expect(answer.to_decide).toContain(NO_YES);
    expect(answer.missing_or_wrong.join(" ")).toContain("or an answer did not state its usage.");
  });
});

describe("an answer without the cost of an attempt", () => {
  it.each([4, 1.2])("promises no yes by more tasks at a ratio of %d", async (ratio) => {
    const rows = retried(ratio, BOUND);
    const answer = await answerTo(rows);
    expect(answer).toMatchObject({ is_cheaper: "unknown", more_tasks: null });
    expect(answer.missing_or_wrong.join(" ")).toContain(
      "Windows were tried again, and what 1 of them cost in all is not known, or is a lower bound.",
    );
    expect(answer.to_decide).toContain(NO_YES);
    expect((await answerTo(retried(ratio, {}))).to_decide).not.toContain(NO_YES);
  });

  it("waits for an attempt that has no end yet", async () => {
    const cell = { window: "W0-03", provider: "cand", feature_id: "f01", period: 1, attempt: 2 };
    const missing = { outcome: "infrastructure", quality: null };
    const rows = [...rowsWith(4, "tokens", missing), ["windows", opened(cell)] as const];
    expect((await answerTo(rows)).to_decide).toContain(
      "Let the window end that is being worked, or continue: experiment run",
    );
  });

  it("can still say no, now or with more tasks", async () => {
    expect((await answerTo(retried(0.25, BOUND))).verdict).toBe("no");
    const { more_tasks: more, to_decide: next } = await answerTo(retried(1.05, BOUND));
    expect(more).toBeGreaterThan(0);
    expect(next).not.toContain(NO_YES);
  });
});
