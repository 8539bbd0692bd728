import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../platform/test-support/temporary-folder.ts";
import type { Review } from "../teams/check-round.ts";
import { parseHandoff, parseHandoffAfter } from "../teams/read-handoff.ts";
import { Conversations } from "./conversations.ts";
import type { MessagesRequest } from "./messages-request.ts";
import { playAnswer } from "./play-answer.ts";
import { ModelProfile } from "./profile.ts";

const HANDOFF = ".counterbalance/handoff.md";
const SCENARIOS = ["one", "two", 'a "third": one'];
const SCRIPT = {
  featureId: "slugify",
  title: "Slugs: for titles",
  scenarios: SCENARIOS,
  variants: [
    { name: "solution", fails: [], files: { "src/a.ts": "1;\n2;\n3;\n", "src/b.ts": "1;\n" } },
    { name: "broken", fails: SCENARIOS, files: { "src/a.ts": "1;\n2;\n", "src/b.ts": "" } },
    { name: "half", fails: ["one"], files: { "src/a.ts": "1;\n2;\n", "src/b.ts": "2;\n" } },
  ],
};
const BUILT_IN = ["list_files", "read_file", "write_file", "run_command"];
const CLAUDE = ["Read", "Write", "Bash"];
const SHELL = ["exec_command"];
const FILES = ["read_file", "write_file"];

interface Turn {
  readonly role: string;
  readonly kind: string;
  readonly round?: number;
  /** What the prompt shows of earlier roles. */
  readonly shown?: string;
  readonly isRefused?: boolean;
  readonly folder?: string;
  readonly tools?: readonly string[];
}

function promptOf({ role, kind, round = 1, shown = "", isRefused = false }: Turn): string {
  return [
    `You work as the ${role} of a team, round ${round}.`,
    "",
    `Do the work below. The file is ${HANDOFF}.`,
    "",
    "Feature: Slugs: for titles",
    "  Example: one",
    "",
    shown,
    "",
    ...(isRefused ? ["Your handoff was refused. Its faults, by line:", "handoff.md:9: …", ""] : []),
    `Hand over: write a ${kind} to ${HANDOFF} before you end.`,
    "---",
    `handoff: ${kind}`,
    "---",
  ].join("\n");
}

/** One scripted model, and a client that works in a folder as it says. */
function openTeam(profile: Partial<ModelProfile> = {}, seed = "42") {
  const scene = { profile: ModelProfile.parse(profile), conversations: new Conversations("s") };
  return (turn: Turn) => {
    const { tools = FILES, folder = temporaryFolder() } = turn;
    const offered = tools.map((name) => ({ name, input_schema: { properties: schemaOf(name) } }));
    const messages: MessagesRequest["messages"] = [{ role: "user", content: promptOf(turn) }];
    const calls: string[] = [];
    for (;;) {
      const request = { model: "m", max_tokens: 100_000, messages, tools: offered };
      const answer = playAnswer({ ...scene, request }, seed, SCRIPT);
      const called = answer.blocks.filter((block) => block.type === "tool_use");
      if (called.length === 0) return { ...answer, folder, calls, text: textIn(folder) };
      for (const { name, input } of called) {
        calls.push(name);
        carryOut(input, folder);
      }
      messages.push(
        { role: "assistant", content: "…" },
        {
          role: "user",
          content: called.map(({ id }) => ({ type: "tool_result", tool_use_id: id })),
        },
      );
    }
  };
}

function schemaOf(name: string): Record<string, unknown> {
  if (name === "exec_command") return { cmd: {} };
  return CLAUDE.includes(name) ? { file_path: {} } : { path: {} };
}

function carryOut(input: Readonly<Record<string, unknown>>, folder: string): void {
  const { cmd, command = cmd, content, path, file_path = path } = input;
  if (typeof command === "string") {
    spawnSync("/bin/sh", ["-c", command], { cwd: folder, timeout: 240_000 });
  }
  if (typeof content !== "string") return;
  const file = join(folder, String(file_path));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function textIn(folder: string): string {
  return readFileSync(join(folder, HANDOFF), "utf8");
}

function reviewIn(text: string): Review {
  const handoff = parseHandoff("h", text);
  if (handoff.handoff !== "review") throw new Error("It is no review.");
  return handoff;
}

const PLANNER = { role: "planner", kind: "plan" };
const BUILDER = { role: "builder", kind: "implementation" };
const REVIEWER = { role: "reviewer", kind: "review" };
const WRITER = { role: "writer", kind: "documentation" };

test.each([PLANNER, BUILDER, REVIEWER, WRITER])(
  "a $role hands over a valid $kind, whatever tools its client has",
  (turn) => {
    const texts = [BUILT_IN, CLAUDE, SHELL].map((tools) => openTeam()({ ...turn, tools }).text);
    expect(parseHandoff("h", texts[0] ?? "")).toMatchObject({
      handoff: turn.kind,
      role: turn.role,
    });
    expect(texts).toEqual([texts[0], texts[0], texts[0]]);
  },
);

test("a plan has the scenarios as criteria, and room for the solution", () => {
  const { text, folder, variant } = openTeam()(PLANNER);
  const plan = parseHandoff("h", text);
  expect(plan).toMatchObject({ criteria: SCENARIOS, changed_lines_max: 68 });
  expect(existsSync(join(folder, "src"))).toBe(false);
  expect(variant).toBeNull();
});

test("a builder writes a solution, and names its files and lines", () => {
  const { text, folder, variant } = openTeam()(BUILDER);
  expect(variant).toBe("solution");
  expect(readFileSync(join(folder, "src/a.ts"), "utf8")).toBe("1;\n2;\n3;\n");
  expect(parseHandoff("h", text).files).toMatchObject([
    { path: "src/a.ts", lines: "1-3" },
    { path: "src/b.ts", lines: "1-1" },
  ]);
});

test("a reviewer accepts, or sends back as often as its profile says, with its findings resolved", () => {
  const play = openTeam({ rework_rounds: 2 });
  const first = reviewIn(play(REVIEWER).text);
  expect(first).toMatchObject({ verdict: "rework", findings: [{ number: 1, status: "open" }] });
  let before = first;
  const texts = [openTeam({ rework_rounds: 2 })(REVIEWER).text];
  for (const round of [2, 3]) {
    const shown = `Your review of the round before:\n${texts.at(-1)}`;
    const { text, folder } = play({ ...REVIEWER, round, shown });
    expect(parseHandoffAfter(before, "h", text)).toMatchObject({ handoff: "review" });
    expect(existsSync(join(folder, "src"))).toBe(false);
    before = reviewIn(text);
    texts.push(text);
  }
  const last = before.findings.map(({ number, status }) => [number, status]);
  expect(last).toEqual([1, 2].map((number) => [number, "resolved"]));
  expect(before.verdict).toBe("accept");
  expect(reviewIn(openTeam()(REVIEWER).text)).toMatchObject({ verdict: "accept", findings: [] });
});

test("a finding names a line that every solution has", () => {
  const findings = Array.from({ length: 30 }, (_, seed) => {
    const { text } = openTeam({ rework_rounds: 1 }, String(seed))(REVIEWER);
    return reviewIn(text).findings[0];
  });
  const places = new Set(findings.map((finding) => `${finding?.file}:${finding?.line}`));
  expect([...places].toSorted()).toEqual(["src/a.ts:1", "src/a.ts:2", "src/b.ts:1"]);
});

test("a builder answers each open finding of the review by its number", () => {
  const review = openTeam({ rework_rounds: 1 })(REVIEWER).text.replaceAll("number: 1", "number: 7");
  const { text } = openTeam()({ ...BUILDER, round: 2, shown: review });
  expect(parseHandoffAfter(reviewIn(review), "h", text)).toMatchObject({
    findings: [{ number: 7, status: "resolved" }],
  });
});

test("a scenario that a builder has solved stays solved in later rounds", () => {
  const failed = [1, 2, 3, 4, 5, 6, 7, 8].map((round) => {
    const shown = 'summary: Plan 3 of the script meets every scenario of "Slugs".';
    const { variant } = openTeam({ solve_probability: 0.3 }, "x")({ ...BUILDER, round, shown });
    return SCRIPT.variants.find(({ name }) => name === variant)?.fails.length ?? 0;
  });
  expect(failed.toSorted((one, other) => other - one)).toEqual(failed);
  expect(failed[0]).toBeGreaterThan(0);
  expect(failed.at(-1)).toBe(0);
});

test("the plan tells teams apart that work at the same time", () => {
  const profile = { solve_probability: 0.5 };
  const plans = (play: ReturnType<typeof openTeam>) => [1, 2, 3, 4].map(() => play(PLANNER).text);
  const one = openTeam(profile);
  const inOrder = plans(one).map((shown) => one({ ...BUILDER, shown }).variant);
  const other = openTeam(profile);
  const backwards = plans(other)
    .toReversed()
    .map((shown) => other({ ...BUILDER, shown }).variant);
  expect(backwards.toReversed()).toEqual(inOrder);
  expect(new Set(inOrder).size).toBeGreaterThan(1);
});

test("a team leaves the numbers of single agents alone", () => {
  const conversations = new Conversations("s");
  const profile = ModelProfile.parse({});
  const ask = (content: string) => {
    const messages: MessagesRequest["messages"] = [{ role: "user", content }];
    const request = { model: "m", max_tokens: 1000, messages, tools: [{ name: "write_file" }] };
    return playAnswer({ request, profile, conversations }, "1", SCRIPT).conversation;
  };
  expect(ask(promptOf(PLANNER))).toBe(1);
  expect(ask(promptOf(BUILDER))).toBe(1);
  expect(ask("Feature: Slugs: for titles")).toBe(1);
  expect(ask("Feature: Slugs: for titles")).toBe(2);
});

test("a writer makes five deliverables and changes nothing else", () => {
  const { text, folder } = openTeam()(WRITER);
  const handoff = parseHandoff("h", text);
  if (handoff.handoff !== "documentation") throw new Error("It is no documentation.");
  const paths = Object.values(handoff.deliverables).map(({ path }) => path);
  expect(paths.map((path) => existsSync(join(folder, path)))).toEqual(paths.map(() => true));
  expect(new Set(paths).size).toBe(5);
  expect(existsSync(join(folder, "src"))).toBe(false);
});

test.each([PLANNER, BUILDER, REVIEWER, WRITER])(
  "a $role hands over as many faulty $kind handoffs as its profile says",
  (turn) => {
    const play = openTeam({ handoff_faults: 1 });
    const first = play(turn);
    const faults =
      /^h:\d+: expected "files\.0\.path" .*\nh:\d+: expected "tests" to be a list with at least/u;
    expect(() => parseHandoff("h", first.text)).toThrow(faults);
    const again = { ...turn, isRefused: true, folder: first.folder };
    const second = play(again);
    expect(second.calls).toEqual(["read_file", "write_file"]);
    expect(parseHandoff("h", second.text)).toMatchObject({ role: turn.role });
    const { text } = openTeam({ handoff_faults: 2 })(again);
    expect(() => parseHandoff("h", text)).toThrow(faults);
  },
);

test.each([PLANNER, REVIEWER])("a $role may break its bounds", (turn) => {
  const { folder, text } = openTeam({ breaks_bounds: true })(turn);
  expect(readFileSync(join(folder, "src/a.ts"), "utf8")).toContain(turn.role);
  expect(parseHandoff("h", text).handoff).toBe(turn.kind);
});

test.each([BUILDER, WRITER])("a $role keeps to its bounds", (turn) => {
  const files = openTeam({ breaks_bounds: true })(turn).calls;
  expect(files).toEqual(openTeam()(turn).calls);
});

test("a forgetful reviewer leaves out a finding, and names it when it is refused", () => {
  const profile = { rework_rounds: 2, forgets_findings: true };
  const play = openTeam(profile);
  const { text } = play(REVIEWER);
  const shown = `Your review of the round before:\n${text}`;
  const again = { ...REVIEWER, round: 2, shown };
  const parse = (turn: Turn) => parseHandoffAfter(reviewIn(text), "h", play(turn).text);
  expect(() => parse(again)).toThrow("to be a list with finding 1");
  expect(parse({ ...again, isRefused: true })).toMatchObject({
    findings: [{ number: 1 }, { number: 2 }],
  });
});
