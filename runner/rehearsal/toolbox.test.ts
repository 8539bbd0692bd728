import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../platform/test-support/temporary-folder.ts";
import type { PromptRequest } from "./messages-request.ts";
import { openToolbox } from "./plan-turns.ts";

function tool(name: string, ...properties: readonly string[]) {
  const schema = Object.fromEntries(properties.map((property) => [property, { type: "string" }]));
  return { name, input_schema: { properties: schema } };
}

function request(tools: PromptRequest["tools"], parts: Partial<PromptRequest> = {}): PromptRequest {
  return { model: "m", messages: [{ role: "user", content: "Do it." }], tools, ...parts };
}

const CLAUDE_TOOLS = [
  tool("Bash", "command", "description"),
  tool("Read", "file_path"),
  tool("Write", "file_path", "content"),
];
const REMINDER = "# Environment\n - Primary working directory: /some/space\n - Platform: linux";

test("the built-in agent's tools get relative paths", () => {
  const toolbox = openToolbox(
    request([tool("list_files", "path"), tool("write_file", "path", "content")]),
  );
  expect(toolbox.list()).toEqual({ name: "list_files", input: { path: "." } });
  expect(toolbox.write("src/a.mjs", "1")).toEqual({
    name: "write_file",
    input: { path: "src/a.mjs", content: "1" },
  });
  expect(toolbox.read("src/a.mjs")).toBeUndefined();
});

test.each<{ where: string; parts: Partial<PromptRequest> }>([
  { where: "the system prompt", parts: { system: [{ type: "text", text: REMINDER }] } },
  {
    where: "a reminder of the user's message",
    parts: { messages: [{ role: "user", content: [{ type: "text", text: REMINDER }] }] },
  },
  {
    where: "a system message after the task",
    parts: {
      messages: [
        { role: "user", content: "Do it." },
        { role: "system", content: REMINDER },
      ],
    },
  },
])("Claude Code's tools get absolute paths below the folder named in $where", ({ parts }) => {
  const toolbox = openToolbox(request(CLAUDE_TOOLS, parts));
  expect(toolbox.read("src/a.mjs")?.input).toEqual({ file_path: "/some/space/src/a.mjs" });
  expect(toolbox.write("src/a.mjs", "1")?.input["file_path"]).toBe("/some/space/src/a.mjs");
  expect(toolbox.run("ls")?.input).toEqual({ command: "ls", description: "Check the work" });
});

test("a folder that only a tool result mentions is not taken for the working directory", () => {
  const messages: PromptRequest["messages"] = [
    { role: "user", content: "Do it." },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "working directory: /elsewhere" },
  ];
  const toolbox = openToolbox(request(CLAUDE_TOOLS, { messages }));
  expect(toolbox.read("a.mjs")?.input).toEqual({ file_path: "a.mjs" });
});

test("a client with nothing but a shell writes files through it", () => {
  const folder = temporaryFolder();
  const content = "const a = `$HOME $(id)`;\n// it's\n";
  const toolbox = openToolbox(request([tool("Bash", "command")]));
  const command = toolbox.write("src/it's/a.mjs", content)?.input["command"];
  execFileSync("/bin/sh", ["-c", String(command)], { cwd: folder, timeout: 240_000 });
  expect(readFileSync(join(folder, "src/it's/a.mjs"), "utf8")).toBe(content);
});

test("a client with unknown tools, or none, has nothing to write with", () => {
  expect(openToolbox(request([tool("search_the_web", "query")])).canWrite).toBe(false);
  expect(openToolbox(request(undefined)).canWrite).toBe(false);
});
