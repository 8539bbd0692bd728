import {
  array,
  assert,
  boolean,
  constant,
  double,
  integer,
  oneof,
  property,
  record,
  tuple,
} from "fast-check";
import { describe, expect, it } from "vitest";

import type { AnswerFacts, AnswerInput } from "../answer/answer-input.ts";
import { answerQuestion } from "../answer/answer.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { Answer } from "./answer-data.ts";
import { wordAnswer } from "./word-answer.ts";

interface Task {
  readonly large: number;
  readonly small: number;
  readonly quality?: readonly [number, number];
}

const FACTS: AnswerFacts = {
  command: "experiment run --seed 42",
  extendCommand: "experiment run --seed 42 --extend db7db446cd01",
  isRehearsal: false,
  measure: "tokens",
  isComparable: true,
  isManual: false,
  isAgainstItself: false,
  isScripted: false,
  unit: "task",
  openTasks: 0,
  isCapped: false,
  regressions: 0,
  gains: 0,
  pairs: 0,
  spent: { usd: null, tokens: null },
  distrust: [],
  remarks: [],
  costOfRun: { tokens: 58_312, usd: null },
};

function windowsOf(tasks: readonly Task[]): readonly AnalysedWindow[] {
  return tasks.flatMap(({ large, small, quality = [1, 1] }, index) => {
    const feature = `task-${String(index).padStart(3, "0")}`;
    const isFirst = index % 2 === 0;
    const shared = { feature, replicate: 1, errors: null, requests: null, latenciesMs: null };
    return [
      { ...shared, provider: "large", period: isFirst ? 1 : 2, cost: large, quality: quality[0] },
      { ...shared, provider: "small", period: isFirst ? 2 : 1, cost: small, quality: quality[1] },
    ];
  });
}

function inputOf(
  tasks: readonly Task[],
  facts: Partial<AnswerFacts> = {},
  changes: Partial<AnswerInput> = {},
): AnswerInput {
  const windows = windowsOf(tasks);
  const spent = {
    usd: null,
    tokens: tasks.reduce((total, { large, small }) => total + large + small, 0),
  };
  return {
    data: { windows, baseline: "large", candidate: "small", rootSeed: "1" },
    missing: { windows, entered: 0, unknown: 0 },
    attempts: { windows, entered: 0, unknown: 0 },
    alpha: 0.05,
    qualityMin: 0.8,
    candidates: 1,
    facts: { ...FACTS, pairs: tasks.length, spent, ...facts },
    ...changes,
  };
}

function answerOf(input: AnswerInput): Answer {
  return wordAnswer(answerQuestion(input));
}

/** Tasks with a typical ratio of costs that varies from task to task. */
function tasksOf(count: number, ratio: number): readonly Task[] {
  return Array.from({ length: count }, (_, index) => ({
    large: 1000 * ratio * (1 + 0.1 * ((index % 5) - 2)),
    small: 1000 * (1 + 0.05 * ((index % 7) - 3)),
  }));
}

const CHEAP = tasksOf(20, 2.5);

describe("the verdict", () => {
  it("is yes if the interval is above 1 and quality is confirmed", () => {
    const answer = answerOf(inputOf(CHEAP));
    expect(answer).toMatchObject({
      verdict: "yes",
      is_cheaper: "yes",
      is_as_good: "yes",
      sentence: "Is small cheaper than large, and as good? Yes.",
      missing_or_wrong: [],
      more_tasks: 0,
    });
    expect(Answer.parse(answer)).toEqual(answer);
  });

  it("is no if the candidate costs more", () => {
    expect(answerOf(inputOf(tasksOf(20, 0.5)))).toMatchObject({
      verdict: "no",
      is_cheaper: "no",
      is_as_good: "yes",
      sentence: "Is small cheaper than large, and as good? No, it costs more.",
    });
  });

  it("is no if quality is lost, though it is cheaper", () => {
    const tasks = tasksOf(20, 2.5).map((task) => ({ ...task, quality: [1, 0.2] as const }));
    expect(answerOf(inputOf(tasks))).toMatchObject({
      verdict: "no",
      is_cheaper: "yes",
      is_as_good: "no",
      sentence: "Is small cheaper than large, and as good? No, it is not as good.",
    });
  });

  it.each([
    [1.1, "yes"],
    [0.9, "no"],
  ])("stays open while 1 is in the interval: ratio %d", (ratio, found) => {
    const short = answerOf(inputOf(tasksOf(12, ratio)));
    expect(short.is_cheaper).toBe("unknown");
    const long = answerOf(inputOf(tasksOf(60, ratio)));
    expect(long.is_cheaper).toBe(found);
  });

  it("waits for quality, and says for how many tasks", () => {
    // 18 features with full scores give E = 20 (STATISTICS 9.3).
    expect(answerOf(inputOf(CHEAP.slice(0, 10)))).toMatchObject({
      verdict: "unknown",
      is_cheaper: "yes",
      is_as_good: "unknown",
      more_tasks: 8,
      to_decide: expect.stringMatching(/^Add about 8 tasks .* --extend db7db446cd01$/u),
    });
  });

  it("is yes with the tasks that it asks for, if they turn out like those so far", () => {
    const { more_tasks: more } = answerOf(inputOf(tasksOf(10, 2.5)));
    expect(answerOf(inputOf(tasksOf(10 + (more ?? 0), 2.5))).verdict).toBe("yes");
  });

  it("asks more of each of several candidates", () => {
    const alone = answerOf(inputOf(CHEAP.slice(0, 10)));
    const three = answerOf(inputOf(CHEAP.slice(0, 10), {}, { candidates: 3 }));
    expect(three.cost.level).toBeCloseTo(1 - 0.05 / 3, 12);
    expect(three.cost.lower ?? 0).toBeLessThan(alone.cost.lower ?? 0);
    expect(three.more_tasks ?? 0).toBeGreaterThan(alone.more_tasks ?? 0);
  });
});

describe("little is known", () => {
  it.each([
    [0, "no task is complete with both"],
    [1, "at least 3 tasks are needed, in both orders"],
    [2, "at least 3 tasks are needed, in both orders"],
  ])("%d tasks", (count, need) => {
    const answer = answerOf(inputOf(tasksOf(count, 2.5)));
    expect(answer).toMatchObject({
      verdict: "unknown",
      sentence: `Is small cheaper than large, and as good? Can't tell yet: ${need}.`,
      more_tasks: null,
      cost: { lower: null, upper: null },
    });
  });

  it("says that the same difference would not be found with 500 more tasks", () => {
    const tasks = tasksOf(20, 1).map(({ small }, index) => ({
      small,
      large: small * (index % 4 < 2 ? 3 : 1 / 3),
    }));
    const { sentence } = answerOf(inputOf(tasks));
    expect(sentence).toContain("Can't tell yet: 500 more tasks would not be enough.");
  });
});

describe("neither solved a task", () => {
  const failed = tasksOf(20, 2.5).map((task) => ({ ...task, quality: [0, 0] as const }));
  const said = "Neither solved a task: the tasks may be too hard or their setup broken.";

  it("comes before everything else that is wrong", () => {
    const answer = answerOf(inputOf(failed, { remarks: ["Anomalies: 1."] }));
    expect(answer).toMatchObject({
      sentence: "Is small cheaper than large, and as good? Can't tell yet: neither solved a task.",
      missing_or_wrong: [said, "Anomalies: 1."],
      to_decide: "See whether the tasks can be solved: experiment task check",
    });
  });

  it("is not said once a task is solved in part", () => {
    const [first = failed[0], ...others] = failed;
    const almost = [{ ...first, large: 1, small: 1, quality: [0, 0.1] as const }, ...others];
    expect(answerOf(inputOf(almost)).missing_or_wrong).not.toContain(said);
  });
});

describe("what more tasks would cost", () => {
  it("comes from the dollars of the tasks so far, if they are known", () => {
    const spent = { usd: 4, tokens: 10_000 };
    const answer = answerOf(inputOf(CHEAP.slice(0, 10), { spent }));
    expect(answer.more_usd).toBeCloseTo(3.2, 12); // 8 × $0.40
    expect(answer.sentence).toBe(
      "Is small cheaper than large, and as good? Can't tell yet: about 8 more tasks are needed (about $3.20).",
    );
  });

  it("is in tokens otherwise", () => {
    const spent = { usd: null, tokens: 35_000 };
    const answer = answerOf(inputOf(CHEAP.slice(0, 10), { spent }));
    expect(answer.sentence).toContain("about 8 more tasks are needed (about 28,000 tokens)");
  });
});

it.each([
  [{ usd: 1 }, {}, "$1.00, 1,000 tokens"],
  [{ usd: null }, {}, "1,000 tokens (dollars n/a: no prices)"],
  [{ usd: null }, { dollarsLack: "at least $0.50: why" }, "1,000 tokens (at least $0.50: why)"],
  [
    { usd: null },
    { dollarsLack: "at least $0.50: why", isUntold: true as const },
    "at least 1,000 tokens (at least $0.50: why)",
  ],
])("says what the run cost: %j, %j", (cost, facts, text) => {
  const costOfRun = { tokens: 1000, ...cost };
  expect(answerOf(inputOf(CHEAP, { costOfRun, ...facts })).cost_of_run.text).toBe(text);
});

describe("doubts", () => {
  it.each([
    ["a capped window", { isCapped: true }],
    ["data that can't be trusted", { distrust: ["A meter went backwards."] }],
    ["costs that mean different things", { isComparable: false }],
    ["a comparison with itself", { isAgainstItself: true }],
  ])("%s allows no yes", (_, facts) => {
    expect(answerOf(inputOf(CHEAP, facts)).verdict).toBe("unknown");
  });

  it.each([
    [3, 1.2, "too few tasks to find a difference in cost"],
    [20, 1, "no difference in cost is found, as it should be"],
    [20, 2.5, "a difference in cost is found, and chance made it"],
  ])("says what a comparison with itself finds: %d tasks, ratio %d", (count, ratio, found) => {
    const answer = answerOf(inputOf(tasksOf(count, ratio), { isAgainstItself: true }));
    expect(answer.sentence).toBe(`small is large under another name: ${found}.`);
  });

  it("says what to do if vendors count tokens differently", () => {
    const answer = answerOf(inputOf(CHEAP, { isComparable: false }));
    expect(answer.to_decide).toContain("Give every model a price");
    expect(answer.cost).toMatchObject({ ratio: null, lower: null, upper: null });
  });

  it("allows no yes if all tasks together are dearer", () => {
    const tasks = [...tasksOf(40, 2.5), { large: 1000, small: 500_000 }];
    const answer = answerOf(inputOf(tasks));
    expect(answer).toMatchObject({ verdict: "unknown", is_cheaper: "unknown" });
    expect(answer.cost.lower).toBeGreaterThan(1);
    expect(answer.missing_or_wrong[0]).toContain("all tasks together are not");
  });

  it.each(["missing", "attempts"] as const)("allows no yes that %s windows would undo", (name) => {
    const windows = windowsOf(CHEAP).map((window) =>
      window.provider === "small" ? { ...window, cost: 3 * window.cost } : window,
    );
    const entered = { windows, entered: 3, unknown: 0 };
    expect(answerOf(inputOf(CHEAP, {}, { [name]: entered })).is_cheaper).toBe("unknown");
    const unknown = { windows: windowsOf(CHEAP), entered: 0, unknown: 1 };
    expect(answerOf(inputOf(CHEAP, {}, { [name]: unknown })).is_cheaper).toBe("unknown");
  });

  it("finds costs that do not vary suspicious", () => {
    const tasks = Array.from({ length: 20 }, () => ({ large: 2000, small: 1000 }));
    const answer = answerOf(inputOf(tasks));
    expect(answer.verdict).toBe("unknown");
    expect(answer.missing_or_wrong[0]).toContain("don't vary at all");
  });
});

describe("tests that only one fails", () => {
  it.each([
    {
      regressions: 3,
      gains: 0,
      but: ", but 3 tests fail only with small",
      remarks: ["3 tests fail only with small."],
    },
    {
      regressions: 2,
      gains: 2,
      but: ", but 2 tests fail only with small, 2 only with large",
      remarks: ["2 tests fail only with small, 2 only with large."],
    },
    {
      regressions: 1,
      gains: 4,
      but: ", but 1 test fails only with small, 4 only with large",
      remarks: ["1 test fails only with small, 4 only with large."],
    },
    { regressions: 0, gains: 2, but: "", remarks: [] },
  ])(
    "says in a yes how many tests fail only with one: $regressions and $gains",
    ({ regressions, gains, but, remarks }) => {
      const answer = answerOf(inputOf(CHEAP, { regressions, gains }));
      expect(answer.sentence).toBe(`Is small cheaper than large, and as good? Yes${but}.`);
      expect(answer.missing_or_wrong).toEqual(remarks);
    },
  );
});

const AnyTask = record({
  large: integer({ min: 1, max: 100_000 }),
  small: integer({ min: 1, max: 100_000 }),
  quality: tuple(integer({ min: 0, max: 4 }), integer({ min: 0, max: 4 })).map(
    ([one, other]) => [one / 4, other / 4] as const,
  ),
});
const AnyTasks = oneof(
  array(AnyTask, { maxLength: 40 }),
  // Alike enough to decide often.
  tuple(integer({ min: 18, max: 40 }), double({ min: 0.2, max: 5, noNaN: true })).map(
    ([count, ratio]) => tasksOf(count, ratio),
  ),
  // Near the limits of the interval, and beyond them.
  tuple(integer({ min: 4, max: 40 }), double({ min: 0.85, max: 1.3, noNaN: true })).map(
    ([count, ratio]) => tasksOf(count, ratio),
  ),
);
const OddFacts = record({
  isCapped: boolean(),
  isComparable: boolean(),
  isAgainstItself: boolean(),
  regressions: integer({ min: 0, max: 3 }),
  gains: integer({ min: 0, max: 3 }),
  openTasks: integer({ min: 0, max: 3 }),
});
// Without an odd fact the figures alone decide.
const AnyFacts = oneof(constant<Partial<AnswerFacts>>({}), OddFacts);

describe("whatever the data", () => {
  const answers = tuple(AnyTasks, AnyFacts, integer({ min: 1, max: 4 })).map(
    ([tasks, facts, candidates]) => answerOf(inputOf(tasks, facts, { candidates })),
  );

  it("never says more than the figures next to it", () => {
    assert(
      property(answers, ({ is_cheaper, is_as_good, cost, quality, verdict }) => {
        const slack = 1e-9;
        const { margin } = quality;
        const possible = {
          cheaper: { yes: (cost.lower ?? 0) > 1, no: (cost.upper ?? 2) < 1, unknown: true },
          asGood: {
            yes: (quality.lower ?? 0) >= margin - slack,
            no: (quality.upper ?? 1) <= margin + slack,
            unknown: true,
          },
        };
        expect(possible.cheaper[is_cheaper]).toBe(true);
        expect(possible.asGood[is_as_good]).toBe(true);
        expect(verdict === "yes").toBe(is_cheaper === "yes" && is_as_good === "yes");
      }),
      { numRuns: 300 },
    );
  });

  it("says what to do next, and asks for tasks only if it can't tell", () => {
    assert(
      property(answers, (answer) => {
        expect(Answer.parse(answer)).toEqual(answer);
        expect(answer.to_decide).not.toBe("");
        expect(answer.more_tasks === 0).toBe(answer.verdict !== "unknown");
      }),
    );
  });
});

it("gives the command that continues this experiment, and no other", () => {
  const { to_decide: next } = answerOf(inputOf(CHEAP.slice(0, 10), { openTasks: 1 }));
  expect(next).toBe("Continue (1 task to go): experiment run --seed 42 --resume");
});

it("says how tasks are added, and that the rehearsal has no more of them", () => {
  const few = CHEAP.slice(0, 4);
  expect(answerOf(inputOf(few, {})).to_decide).toMatch(
    /^Add .* \(experiment task import makes some\), then: experiment run --seed 42 --extend db7db446cd01$/u,
  );
  const { to_decide: next } = answerOf(inputOf(few, { isRehearsal: true }));
  expect(next).toMatch(/Compare your own agents: experiment init$/u);
});
