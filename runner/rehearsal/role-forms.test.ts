import { afterEach, expect, test } from "vitest";

import { parseHandoff } from "../teams/read-handoff.ts";
import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const CLOCK = { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0 };
const SCRIPT = {
  featureId: "adder",
  title: "Adding",
  scenarios: ["one"],
  variants: [{ name: "good", fails: [], files: { "src/add.mjs": "export {};\n" } }],
};
const SCHEMA = { type: "object", properties: { path: { type: "string" } } };
const HEADERS = { authorization: "Bearer a-key-of-some-length" };
const TOOL = { name: "write_file", parameters: SCHEMA };

/** How each API puts a prompt and one tool, by the API's path. */
const FORMS: Readonly<Record<string, (text: string) => object>> = {
  "/v1/messages": (text) => ({
    max_tokens: 10_000,
    messages: [{ role: "user", content: text }],
    tools: [{ name: "write_file", input_schema: SCHEMA }],
  }),
  "/v1/responses": (text) => ({
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }],
    tools: [{ type: "function", ...TOOL }],
  }),
  "/v1/chat/completions": (text) => ({
    messages: [{ role: "user", content: text }],
    tools: [{ type: "function", function: TOOL }],
  }),
  "/v1beta/models/m:generateContent": (text) => ({
    contents: [{ role: "user", parts: [{ text }] }],
    tools: [{ functionDeclarations: [TOOL] }],
  }),
};

let model: ScriptedModel | undefined;

afterEach(async () => {
  await model?.stop();
  model = undefined;
});

/** The text of the file that an answer writes, wherever the API puts it. */
function findHandoff(json: unknown): string | undefined {
  if (typeof json === "string") {
    if (json.startsWith("---\n")) return json;
    return json.startsWith("{") ? findHandoff(JSON.parse(json)) : undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  return Object.values(json)
    .map(findHandoff)
    .find((text) => text !== undefined);
}

test.each(
  Object.keys(FORMS).flatMap((path) =>
    ["plan", "implementation", "review", "documentation"].map((kind) => ({ path, kind })),
  ),
)("a handoff comes through $path: $kind", async ({ path, kind }) => {
  const profiles = { m: ModelProfile.parse({}) };
  model = await startScriptedModel({ seed: "42", profiles, scripts: [SCRIPT], clock: CLOCK });
  const prompt = [
    "You work as the helper of a team, round 1.",
    "Task: Adding",
    // The work is done, so that the first answer is the handoff.
    "Your handoff was refused. Its faults, by line:",
    "handoff.md:1: expected front matter.",
    `Hand over: write a ${kind} to .counterbalance/handoff.md before you end.`,
  ].join("\n");
  const body = JSON.stringify({ model: "m", ...FORMS[path]?.(prompt) });
  const answer = await fetch(`${model.url}${path}`, { method: "POST", headers: HEADERS, body });
  const json: unknown = await answer.json();
  expect(JSON.stringify(json)).toContain(".counterbalance/handoff.md");
  expect(parseHandoff("h", findHandoff(json) ?? "")).toMatchObject({
    handoff: kind,
    role: "helper",
  });
  expect(model.dealt()[0]).toMatchObject({ featureId: "adder", conversation: 1 });
});
