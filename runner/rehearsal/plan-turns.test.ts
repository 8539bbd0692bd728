import { expect, test } from "vitest";

import { nextTurn, openToolbox, planTurns } from "./plan-turns.ts";

const VARIANT = { name: "reference", fails: [], files: { "a.mjs": "1;\n", "b.md": "b\n" } };

function plan(toolNames: readonly string[], extraTurns = 0, subagents = false) {
  const tools = toolNames.map((name) => ({ name }));
  const toolbox = openToolbox({ model: "m", messages: [{ role: "user", content: "x" }], tools });
  return planTurns(VARIANT, toolbox, { extraTurns, subagents });
}

test("a task is worked by looking, reading, writing and checking", () => {
  const turns = plan(["list_files", "read_file", "write_file", "run_command"]);
  expect(turns.map(({ calls }) => calls.map(({ name }) => name))).toEqual([
    ["list_files"],
    ["read_file", "read_file"],
    ["write_file", "write_file"],
    ["run_command"],
  ]);
  expect(turns[3]?.calls[0]?.input["command"]).toBe("node --check 'a.mjs' && wc -c 'b.md'");
});

test("extra turns look once more before the check", () => {
  const turns = plan(["list_files", "read_file", "write_file", "run_command"], 2);
  expect(turns.map(({ calls }) => calls[0]?.name)).toEqual([
    "list_files",
    "read_file",
    "write_file",
    "read_file",
    "read_file",
    "run_command",
  ]);
});

test("what the client has no tool for is left out", () => {
  expect(plan(["write_file"], 3).map(({ calls }) => calls[0]?.name)).toEqual(["write_file"]);
});

test.each([
  { resultCount: 0, say: "I will look at the workspace first." },
  { resultCount: 1, say: "Now the files that the feature is about." },
  { resultCount: 2, say: "I will write the implementation." },
  { resultCount: 3, say: "I will write the implementation." },
  { resultCount: 5, say: "I will check what I wrote." },
  { resultCount: 6, say: undefined },
  { resultCount: 60, say: undefined },
])("after $resultCount tool results comes: $say", ({ resultCount, say }) => {
  const turns = plan(["list_files", "read_file", "write_file", "run_command"]);
  expect(nextTurn(turns, resultCount)?.say).toBe(say);
});

test("files that the solution removes go through the shell, in quotes", () => {
  const request = {
    model: "m",
    messages: [{ role: "user" as const, content: "Do it." }],
    tools: [{ name: "Bash", input_schema: { properties: { command: { type: "string" } } } }],
  };
  const variant = { name: "v", fails: [], files: {}, removed: ["a.js", "it's/b.js"] };
  const turns = planTurns(variant, openToolbox(request), { extraTurns: 0, subagents: false });
  const commands = turns.flatMap(({ calls }) => calls.map(({ input }) => input["command"]));
  expect(commands).toContain(`rm 'a.js' 'it'\\''s/b.js'`);
});

test("a sub-agent is started first, if the client has a tool for that", () => {
  const tools = ["Agent", "write_file", "run_command"];
  expect(plan(tools, 0, true)[0]?.calls[0]?.name).toBe("Agent");
  expect(plan(tools)[0]?.calls[0]?.name).toBe("run_command");
  expect(plan(["write_file", "run_command"], 0, true)[0]?.calls[0]?.name).toBe("run_command");
});
