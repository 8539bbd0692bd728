import { describe, expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import type { Settlement } from "../proxy/admission.ts";
import { BudgetAdmission } from "./budget-admission.ts";
import { BudgetBook } from "./budget-book.ts";
import { FIRST_OUTPUT_TOKENS } from "./largest-outputs.ts";
import { keyOf, limitsWith, StillClock } from "./test-support/budget-lab.ts";

const KEY = keyOf();

const REQUEST = {
  route: {
    sessionId: "s",
    experimentId: KEY.experiment_id,
    window: KEY.window,
    attempt: KEY.attempt,
    provider: KEY.provider,
    upstream: { name: "scripted", baseUrl: "http://127.0.0.1:9", auth: { mode: "inherit" } },
  },
  traceId: "t",
  model: "scripted-large",
  bodyBytes: 400,
  outputMax: 20,
  subagentId: null,
  streaming: true,
} as const;

function overallOf(book: BudgetBook) {
  const overall = book.shared.find(({ unit }) => unit === "tokens");
  if (overall === undefined) throw new Error("No overall budget.");
  return overall;
}

const ANSWER = { usage: null, ending: "complete", outputEstimate: null, model: null } as const;

function makeAdmission(limit = 1000) {
  const events: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith({ command: limit }),
    clock: new StillClock(),
    onEvent: (event) => events.push(event),
  });
  book.openAttempt({ key: KEY, command: "/implement lru-cache", windowCap: null });
  return { admission: new BudgetAdmission(book), book, events };
}

function admitted(admission: BudgetAdmission, request = {}): string {
  const decision = admission.admit({ ...REQUEST, ...request });
  if (!decision.admitted) throw new Error(`Not admitted: ${JSON.stringify(decision)}`);
  return decision.reservation;
}

describe("admit", () => {
  it("reserves a quarter of the first body and the output it allows, then the last prompt with its growth", () => {
    const { admission, book } = makeAdmission();
    const usage = { input_uncached: 60, cache_read: 5000, output: 20, requests: 1 };
    const first = admitted(admission);
    expect(overallOf(book).reserved).toBe(120);
    admission.settle(first, { ...ANSWER, usage });
    expect(overallOf(book)).toMatchObject({ used: 80, reserved: 0 });
    admitted(admission, { bodyBytes: 800 });
    expect(overallOf(book).reserved).toBe(60 + 100 + 20);
  });

  it("reserves what counts of a body, and debits all of it for an answer without a usage", () => {
    const { admission, book } = makeAdmission();
    const first = admitted(admission, { bodyBytes: 2000, promptBytes: 400 });
    expect(overallOf(book).reserved).toBe(120);
    admission.settle(first, ANSWER);
    expect(overallOf(book).used).toBe(500);
  });

  it("reserves the largest answer that the provider has had, in any stream, or a default before one", () => {
    const { admission, book } = makeAdmission(100_000);
    const first = admitted(admission, { outputMax: null });
    expect(overallOf(book).reserved).toBe(100 + FIRST_OUTPUT_TOKENS);
    const usage = { input_uncached: 60, output: 9000, requests: 1 };
    admission.settle(first, { ...ANSWER, usage });
    const second = admitted(admission, { outputMax: 64_000, subagentId: "a1" });
    expect(overallOf(book).reserved).toBe(100 + 9000);
    admission.settle(second, { ...ANSWER, outputEstimate: 12_000 });
    admitted(admission, { outputMax: null, subagentId: "a2" });
    expect(overallOf(book).reserved).toBe(100 + 12_000);
  });

  it.each([{ subagentId: "a1" }, { model: "scripted-small" }])(
    "estimates the stream of %j apart",
    (other) => {
      const { admission, book } = makeAdmission();
      admission.settle(admitted(admission), {
        ...ANSWER,
        usage: { input_uncached: 5, output: 5, requests: 1 },
      });
      admitted(admission, other);
      expect(overallOf(book).reserved).toBe(105);
    },
  );

  it("refuses in the words for agents, and again where the next request would fit", () => {
    const { admission } = makeAdmission(119);
    const refusal = {
      admitted: false,
      budget: "/implement",
      sentence: "Spending cap of implement reached. This run is over.",
    };
    expect(admission.admit(REQUEST)).toEqual(refusal);
    expect(admission.admit({ ...REQUEST, bodyBytes: 4, subagentId: "a1" })).toEqual(refusal);
  });

  it("refuses a request of an attempt that is over", () => {
    const { admission, book } = makeAdmission();
    book.closeAttempt(KEY);
    expect(admission.admit(REQUEST)).toMatchObject({ admitted: false, budget: "closed" });
  });
});

describe("a request without room", () => {
  it("waits if only requests in flight stand in its way", async () => {
    const { admission, events } = makeAdmission(200);
    const first = admitted(admission);
    const waiting = admission.admit(REQUEST);
    const again =
      "again" in waiting ? waiting.again : Promise.reject(new Error("It did not wait."));
    expect(events.map(({ record }) => record)).not.toContain("budget_refused");
    admission.settle(first, { ...ANSWER, usage: { input_uncached: 60, output: 20, requests: 1 } });
    await again;
    expect(admission.admit(REQUEST)).toMatchObject({ admitted: true });
  });

  it("is refused once what is settled leaves no room", () => {
    const { admission } = makeAdmission(200);
    const first = admitted(admission);
    expect(admission.admit(REQUEST)).toHaveProperty("again");
    admission.settle(first, { ...ANSWER, usage: { input_uncached: 160, output: 20, requests: 1 } });
    expect(admission.admit(REQUEST)).toMatchObject({ admitted: false, budget: "/implement" });
  });
});

describe("settle", () => {
  it.each<[string, Partial<Settlement>, number]>([
    ["a whole answer", { usage: { input_uncached: 30, output: 12, requests: 1 } }, 42],
    ["a whole answer that does not tell its usage", {}, 100],
    ["a whole answer with a usage that says nothing", { usage: { requests: 1 } }, 100],
    ["a whole answer that only shows how long it is", { outputEstimate: 41 }, 141],
    [
      "a whole answer that states its prompt and not its output",
      { usage: { input_uncached: 90, requests: 1 }, outputEstimate: 41 },
      131,
    ],
    [
      "a whole answer that states its output and not its prompt",
      { usage: { output: 12, requests: 1 } },
      112,
    ],
    ["a cut answer that had shown only text", { ending: "cut", outputEstimate: 41 }, 141],
    [
      "a cut answer that told little",
      { ending: "cut", usage: { input_uncached: 30, output: 1, requests: 1 } },
      120,
    ],
    ["a cut answer that told nothing", { ending: "cut" }, 120],
    [
      "a cut answer that had streamed more than was reserved",
      { ending: "cut", usage: { input_uncached: 90, output: 1, requests: 1 }, outputEstimate: 41 },
      131,
    ],
    ["an answer that was lost before it began", { ending: "lost" }, 100],
    ["no answer", { ending: "unanswered" }, 0],
  ])("counts for %s what it took", (_, settlement, used) => {
    const { admission, book } = makeAdmission();
    admission.settle(admitted(admission), { ...ANSWER, ...settlement });
    expect(overallOf(book)).toMatchObject({ used, reserved: 0 });
  });

  it("marks what it had to estimate and keeps the token classes", () => {
    const { admission, events } = makeAdmission();
    const usage = { input_uncached: 30, output: 1, requests: 1 };
    admission.settle(admitted(admission), { ...ANSWER, ending: "cut", usage });
    expect(events.at(-1)).toMatchObject({ is_final: true, is_estimated: true, total: 120, usage });
  });

  it("counts a long prompt by its size, also after a short one of the same stream", () => {
    const { admission, book } = makeAdmission(100_000);
    const usage = { input_uncached: 60, output: 20, requests: 1 };
    admission.settle(admitted(admission), { ...ANSWER, usage });
    admission.settle(admitted(admission, { bodyBytes: 90_000 }), ANSWER);
    expect(overallOf(book).used).toBe(80 + 22_500);
  });

  it("does not let a client dodge its cap by hanging up", () => {
    const { admission } = makeAdmission(1200);
    let requests = 0;
    while (requests < 50) {
      const decision = admission.admit(REQUEST);
      if (!decision.admitted) break;
      requests += 1;
      admission.settle(decision.reservation, { ...ANSWER, ending: "cut" });
    }
    expect(requests).toBe(10);
  });
});
