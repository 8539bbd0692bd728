import { describe, expect, it, onTestFinished, vi } from "vitest";

import { ccusage } from "./parse.ts";

function read(text: string, provider = "claude") {
  const context = { file: "report", readAt: "2026-01-02T00:00:00.000Z", provider };
  const reader = ccusage.open(context);
  const lines = text.split("\n").flatMap((line, index) => reader.line(line, index + 1));
  return [...lines, ...reader.end()];
}

const totalOf = (report: unknown, provider?: string) => {
  const [reading] = read(JSON.stringify(report), provider);
  return reading?.kind === "total" ? reading.total : reading;
};

const reasonsOf = (report: unknown, provider?: string) =>
  read(JSON.stringify(report), provider).flatMap((one) =>
    one.kind === "problem" ? [one.reason] : [],
  );

describe("a report of ccusage", () => {
  it("of Claude leaves cached tokens out of input", () => {
    const line = { date: "2026-01-02", inputTokens: 100, outputTokens: 50 };
    const cached = { cacheCreationTokens: 25, cacheReadTokens: 10, totalTokens: 185 };
    expect(totalOf({ daily: [{ ...line, ...cached }], totals: {} })).toEqual({
      input_uncached: 100,
      cache_read: 10,
      cache_write_5m: 25,
      output: 50,
      requests: 0,
    });
  });

  it("of Codex up to version 19 has them in input, and reasoning in output", () => {
    const line = { inputTokens: 1000, cachedInputTokens: 800, outputTokens: 50 };
    const session = { ...line, reasoningOutputTokens: 20, totalTokens: 1050, sessionId: "s" };
    expect(totalOf({ sessions: [session] }, "codex")).toEqual({
      input_uncached: 200,
      cache_read: 800,
      output: 50,
      reasoning: 20,
      requests: 0,
    });
  });

  it("of Codex from version 20 on leaves cached tokens and reasoning out", () => {
    const line = { cacheCreationTokens: 0, cacheReadTokens: 110, inputTokens: 100 };
    const day = { ...line, outputTokens: 15, reasoningOutputTokens: 2, totalTokens: 227 };
    expect(totalOf({ daily: [{ ...day, date: "2026-01-02" }] }, "codex")).toEqual({
      input_uncached: 100,
      cache_read: 110,
      cache_write_5m: 0,
      output: 17,
      reasoning: 2,
      requests: 0,
    });
  });

  it("of blocks leaves gaps out", () => {
    const counts = { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3 };
    const block = { id: "b1", isGap: false, tokenCounts: counts, totalTokens: 3 };
    const readings = read(JSON.stringify({ blocks: [block, { ...block, id: "b2", isGap: true }] }));
    expect(readings.map((one) => one.kind === "total" && one.key)).toEqual(["claude blocks b1"]);
  });

  it("of all agents counts the wanted one", () => {
    const line = { period: "2026-01-02", inputTokens: 1, outputTokens: 2, totalTokens: 3 };
    const report = { daily: ["claude", "codex"].map((agent) => ({ ...line, agent })) };
    expect(read(JSON.stringify(report)).length).toBe(1);
  });

  it("may be CSV with the columns of its table", () => {
    const text =
      "Date,Models,Input,Output,Cache Create,Cache Read,Total Tokens,Cost (USD)\n2026-01-02,opus,100,50,25,10,185,$0.10\nTotal,,100,50,25,10,185,$0.10\n";
    expect(read(text).map((one) => one.kind === "total" && one.total.cache_read)).toEqual([10]);
  });
});

describe("a report of all agents", () => {
  it("has the cached tokens of Codex in input in version 19", () => {
    const counts = { inputTokens: 1000, outputTokens: 50, totalTokens: 1050 };
    const cached = { cacheCreationTokens: 0, cacheReadTokens: 800, agent: "all" };
    const day = { ...counts, ...cached, period: "2026-01-02", metadata: { agents: ["codex"] } };
    expect(totalOf({ daily: [day] }, "codex")).toEqual({
      input_uncached: 200,
      cache_read: 800,
      cache_write_5m: 0,
      output: 50,
      requests: 0,
    });
  });

  it.each([
    ["Claude", "claude", 800],
    ["Codex with more cached tokens than input", "codex", 1001],
  ])("has no cached tokens in the input of %s", (_who, agent, cacheReadTokens) => {
    const counts = { inputTokens: 1000, outputTokens: 50, totalTokens: 1050 };
    const day = { ...counts, cacheReadTokens, agent, period: "2026-01-02" };
    expect(reasonsOf({ daily: [day] }, agent)).toEqual(["total-mismatch"]);
  });

  it.each([
    ["only there", {}, 20],
    ["also in the line", { reasoningOutputTokens: 30 }, 30],
  ])("has reasoning in the metadata of a session: %s", (_where, more, reasoning) => {
    const line = { inputTokens: 200, cacheReadTokens: 800, outputTokens: 50, totalTokens: 1050 };
    const metadata = { reasoningOutputTokens: 20 };
    const session = { ...line, ...more, agent: "codex", period: "s", metadata };
    expect(totalOf({ session: [session] }, "codex")).toMatchObject({ output: 50, reasoning });
  });
});

it.each([
  ["no JSON", "{", "not-json"],
  ["a sentence", "No Claude usage data found.\n", "not-csv"],
  ["a line of a million columns", `${"a,".repeat(1_000_000)}\n`, "not-csv"],
  ["an empty file", "", "empty"],
  ["blank lines", "\n \n", "empty"],
  ["another program's JSON", '{"rows":[]}', "no-report"],
  ["a list of another program", '[{"rows":1}]', "no-report"],
  [
    "a total that no rule explains",
    '{"daily":[{"date":"2026-01-02","inputTokens":1,"outputTokens":2,"totalTokens":9}]}',
    "total-mismatch",
  ],
  ["a line without a period", '{"daily":[{"inputTokens":1,"outputTokens":2}]}', "no-period"],
  [
    "a line with a cost and no tokens",
    '{"daily":[{"date":"2026-01-02","totalCost":5}]}',
    "bad-usage",
  ],
  ["a line of a table without tokens", "Date,Input,Output,Cost\n2026-01-02,,,5\n", "bad-usage"],
  ["tokens that are no whole number", '{"daily":[{"date":"d","inputTokens":"many"}]}', "bad-usage"],
])("says what is wrong with %s", (_what, text, reason) => {
  expect(read(text)).toMatchObject([{ kind: "problem", reason }]);
});

it.each([
  ["version 17", { cachedInputTokens: 0, totalTokens: 3 }],
  ["version 20", { cacheReadTokens: 0, reasoningOutputTokens: 1, totalTokens: 4 }],
  ["version 20 without reasoning", { cacheReadTokens: 0, reasoningOutputTokens: 0 }],
])("counts of Codex are not taken for those of Claude: %s", (_version, counts) => {
  const line = { date: "2026-01-02", inputTokens: 1, outputTokens: 2, ...counts };
  expect(reasonsOf({ daily: [line] })).toEqual(["other-agent"]);
  expect(reasonsOf({ daily: [line] }, "codex")).toEqual([]);
});

it("counts of pi are not taken for those of Claude: its models begin with its name", () => {
  const line = { date: "2026-01-02", inputTokens: 1, outputTokens: 2, totalTokens: 3 };
  const report = { daily: [{ ...line, modelsUsed: ["[pi] mock-model"] }] };
  expect(reasonsOf(report)).toEqual(["other-agent"]);
  expect(reasonsOf(report, "pi")).toEqual([]);
  const relayed = { daily: [{ ...line, modelsUsed: ["[relay] claude-sonnet-4-5"] }] };
  expect(reasonsOf(relayed)).toEqual([]);
});

describe("lines of one key", () => {
  const line = { sessionId: "subagents", inputTokens: 100, outputTokens: 10, totalTokens: 110 };
  const other = { ...line, inputTokens: 1000, cacheReadTokens: 5, totalTokens: 1015 };
  const total = { input_uncached: 1100, output: 20, cache_read: 5, requests: 0 };
  it.each([
    ["of two projects", [line, other]],
    ["in another order", [other, line]],
  ])("are parts of one count %s", (_what, sessions) => {
    const key = "claude session subagents";
    expect(read(JSON.stringify({ sessions }))).toMatchObject([{ kind: "total", key, total }]);
  });

  it("are added up in CSV", () => {
    const text = "Session,Input,Output\nsubagents,100,10\nsubagents,1000,10\n";
    expect(read(text)).toMatchObject([{ total: { input_uncached: 1100, output: 20 } }]);
  });

  it("do not hide a line that can't be read", () => {
    const sessions = [line, { ...line, totalTokens: 9 }, { ...line, totalTokens: 9 }];
    expect(reasonsOf({ sessions })).toEqual(["total-mismatch", "total-mismatch"]);
  });
});

it("names more cached tokens of Codex than input, which contains them", () => {
  const line = { date: "2026-01-02", inputTokens: 1, outputTokens: 2, totalTokens: 3 };
  const report = { daily: [{ ...line, cachedInputTokens: 9 }] };
  expect(reasonsOf(report, "codex")).toEqual(["total-mismatch"]);
});

describe("CSV of ccusage", () => {
  it("may have no line", () => {
    expect(read("Date,Input,Output\n")).toEqual([]);
  });

  it("leaves a class absent whose cell is empty", () => {
    const text = "Date,Input,Output,Cache Read\n2026-01-02,100,50,\n";
    expect(read(text)).toMatchObject([{ total: { input_uncached: 100, output: 50, requests: 0 } }]);
    expect(read(text)).not.toHaveProperty("0.total.cache_read");
  });

  it("is refused if its lines have a million columns", () => {
    const text = `Date,Input,Output\n2026-01-02,100,50${",1".repeat(1_000_000)}\n`;
    expect(read(text)).toMatchObject([{ kind: "problem", reason: "not-csv" }]);
  });
});

it.each([
  ["daily", "UTC", ["claude daily 2026-01-01~"]],
  ["daily", "America/Los_Angeles", ["claude daily 2025-12-31~"]],
  ["monthly", "UTC", ["claude monthly 2025-12~"]],
  ["blocks", "UTC", ["claude blocks 2026-01-01T19:00:00.000Z~"]],
  ["weekly", "UTC", []],
  ["sessions", "UTC", []],
])("a report of no %s in %s is the beginning of what comes later", (report, zone, keys) => {
  vi.stubEnv("TZ", zone);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const readings = read(JSON.stringify({ [report]: [], totals: null }));
  expect(readings.map((one) => (one.kind === "total" ? one.key : one.kind))).toEqual(keys);
});

it("may be an empty list, as up to version 18 without lines", () => {
  expect(read("[]\n")).toEqual([]);
});

it.each([
  [
    "as a table",
    "Date,Input,Output\n2026-01-02,1,2\n",
    { daily: [{ date: "2026-01-02", inputTokens: 1 }] },
  ],
  [
    "of a later version",
    { session: [{ sessionId: "s", inputTokens: 1 }] },
    { sessions: [{ sessionId: "s", inputTokens: 1 }] },
  ],
])("a count has the same key in a report %s", (_what, one, other) => {
  const [key, same] = [one, other].map((report) => {
    const text = typeof report === "string" ? report : JSON.stringify(report);
    return read(text).map((reading) => reading.kind === "total" && reading.key);
  });
  expect(key).toEqual(same);
});

describe("a period of ccusage", () => {
  it.each([
    ["daily", { date: "Oct 31, 2025" }, "codex daily 2025-10-31"],
    ["daily", { date: "Nov 01, 2025" }, "codex daily 2025-11-01"],
    ["monthly", { month: "Nov 2025" }, "codex monthly 2025-11"],
    ["monthly", { month: "2025-11" }, "codex monthly 2025-11"],
  ])(
    "may be a date in words, which is how version 17 writes those of Codex: %s %o",
    (name, period, key) => {
      const line = { ...period, inputTokens: 1, outputTokens: 2, totalTokens: 3 };
      const [reading] = read(JSON.stringify({ [name]: [line] }), "codex");
      expect(reading).toMatchObject({ kind: "total", key });
    },
  );

  it.each([
    ["daily", { date: "31.10.2025" }],
    ["daily", { date: "Okt 31, 2025" }],
    ["weekly", { week: "44" }],
  ])("is refused if nobody knows which of two is later: %s %o", (name, period) => {
    const line = { ...period, inputTokens: 1, outputTokens: 2, totalTokens: 3 };
    expect(reasonsOf({ [name]: [line] })).toEqual(["bad-period"]);
  });
});

describe("a line of ccusage 20 that sums up agents", () => {
  const counts = { inputTokens: 100, outputTokens: 50, totalTokens: 150 };
  const day = (agents: readonly string[], more = {}) => ({
    daily: [{ agent: "all", period: "2026-01-02", metadata: { agents }, ...counts, ...more }],
  });
  const own = { input_uncached: 100, output: 50, requests: 0 };
  it("counts if there is only the agent asked for", () => {
    expect(totalOf(day(["claude"]))).toEqual(own);
  });

  it("counts what it says about the requested agent", () => {
    const codex = { agent: "codex", inputTokens: 7, outputTokens: 7, totalTokens: 14 };
    const sum = { inputTokens: 107, outputTokens: 57, totalTokens: 164 };
    const agents = [codex, { agent: "claude", ...counts }];
    expect(totalOf(day(["claude", "codex"], { ...sum, agents }))).toEqual(own);
  });

  it("is refused if it keeps several agents together", () => {
    expect(reasonsOf(day(["claude", "codex"]))).toEqual(["several-agents"]);
  });

  it("is refused if no line of the report is of the agent asked for", () => {
    expect(reasonsOf(day(["codex"]))).toEqual(["other-agent"]);
  });
});
