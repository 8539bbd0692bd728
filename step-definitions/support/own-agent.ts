/** A program such as a user may have: a small tool loop for the Messages API. */
export const OWN_AGENT = `
import { execSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

if (process.argv.includes("--version")) {
  console.log("own agent 1.2");
  process.exit();
}
const [model, promptFile] = process.argv.slice(2);
const text = { type: "string" };
const tools = [
  { name: "write_file", input_schema: { type: "object", properties: { path: text, content: text } } },
  { name: "run_command", input_schema: { type: "object", properties: { command: text } } },
];
const messages = [{ role: "user", content: readFileSync(promptFile, "utf8") }];
const total = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
for (;;) {
  const answer = await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": process.env.ANTHROPIC_API_KEY },
    body: JSON.stringify({ model, max_tokens: 8000, tools, messages }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { content, usage } = await answer.json();
  for (const name of Object.keys(total)) total[name] += usage[name] ?? 0;
  const calls = content.filter(({ type }) => type === "tool_use");
  if (calls.length === 0) break;
  messages.push({ role: "assistant", content });
  messages.push({
    role: "user",
    content: calls.map(({ id, name, input }) => ({ type: "tool_result", tool_use_id: id, content: run(name, input) })),
  });
}
const report = JSON.stringify({ result: { usage: total } });
console.log(report);
if (process.env.OWN_HOME) writeFileSync(path.join(process.env.OWN_HOME, "usage.json"), report);

function run(name, input) {
  if (name === "run_command") return execSync(input.command, { encoding: "utf8" });
  mkdirSync(path.dirname(input.path), { recursive: true });
  writeFileSync(input.path, input.content);
  return "written";
}
`;
