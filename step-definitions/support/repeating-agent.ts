/** A program that prints and writes down what its upstream answers and what setup has left, in many spellings. */
export const REPEATING_AGENT = `
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

if (process.argv.includes("--version")) {
  console.log("repeating agent 1.0");
  process.exit();
}
const own = process.env.ANTHROPIC_API_KEY;
const answer = await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", {
  method: "POST",
  headers: { "content-type": "application/json", "x-api-key": own },
  body: JSON.stringify({ model: "any", max_tokens: 10, stream: true, messages: [{ role: "user", content: own }] }),
});
const events = await answer.text();
const told = events.split("\\n").flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []));
const said = told.map(({ delta }) => delta?.text ?? "").join("");
const left = readFileSync("index.conf", "utf8").trim();
// A client prints the events as they come.
process.stdout.write(events);
for (const text of [said, left, own]) {
  const spelled = [
    text,
    JSON.stringify({ said: JSON.stringify(text) }),
    "https://example.com/?q=" + encodeURIComponent(text),
    "Basic " + Buffer.from("me:" + text).toString("base64"),
  ];
  for (const one of spelled) {
    console.log(one);
    console.error(one);
    appendFileSync("src/notes.txt", one + "\\n");
  }
}
writeFileSync("src/double.js", "export const double = (a) => 2 * a; // " + said + "\\n");
`;
