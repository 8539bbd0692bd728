import { expect, it } from "vitest";

import { parseHandoff } from "./read-handoff.ts";
import { retrospect } from "./retrospect.ts";
import type { AcceptedHandoff, Turn } from "./turn.ts";

const REVIEW = `---
handoff: review
role: reviewer
summary: A limit of 1.5 is accepted.
files: []
messages: []
tests: [{ run: node --test, exit_code: 0, result: They pass. }]
decisions: []
problems: []
limitations: []
validation: [{ what: The limit holds., by: reviewer, how: A test. }]
verdict: VERDICT
findings:
  - { number: 1, name: a limit, status: STATUS, file: a.mjs, line: 5, finding: x, reproduction: x, fix: x }
---
`;

function review(verdict: "accept" | "rework"): AcceptedHandoff {
  const status = verdict === "rework" ? "open" : "resolved";
  const text = REVIEW.replace("VERDICT", verdict).replace("STATUS", status);
  return { content: parseHandoff("review.md", text), text, sha256: "" };
}

function turnOf(turn: number, role: string, changes: Partial<Turn> = {}): Turn {
  return {
    turn,
    role,
    command: "/work",
    round: 1,
    workedBy: "team",
    model: "scripted",
    startedAtMs: 0,
    endedAtMs: 10,
    durationMs: 10,
    end: "handed_over",
    reason: null,
    usage: { input_uncached: 10 ** turn, requests: 1 },
    dollars: 1,
    requests: 1,
    limits: { tokens: null, usd: null, minutes: null },
    commit: null,
    churn: null,
    quality: null,
    handoff: null,
    refusedHandoffs: [],
    breaches: [],
    ...changes,
  };
}

it("counts a return of work although another role worked at the same time as the reviewer", () => {
  const turns = [
    turnOf(1, "implementer"),
    turnOf(2, "reviewer", { handoff: review("rework") }),
    turnOf(3, "documenter"),
    turnOf(4, "implementer", { round: 2 }),
    turnOf(5, "reviewer", { round: 2, handoff: review("accept") }),
    turnOf(6, "documenter", { round: 2 }),
  ];
  const returns = [{ review: 2, first: 4, to: "implementer" }];
  const { rework_rounds: rounds, sent_back: sentBack } = retrospect({
    turns,
    returns,
    churn: null,
    quality: null,
  });
  expect(rounds).toBe(1);
  expect(sentBack).toEqual([
    {
      from: "reviewer",
      to: "implementer",
      round: 1,
      findings: [{ number: 1, name: "a limit" }],
      tokens: 110_000,
      dollars: 2,
      duration_ms: 20,
    },
  ]);
});

it("counts no return that the bound on rounds forbade", () => {
  const turns = [
    turnOf(1, "implementer"),
    turnOf(2, "reviewer", { handoff: review("rework") }),
    turnOf(3, "checker", { round: 2 }),
  ];
  const { sent_back: sentBack } = retrospect({ turns, returns: [], churn: null, quality: null });
  expect(sentBack).toEqual([]);
});
