import { expect, it } from "vitest";

import { CommandLab } from "../test-support/command-lab.ts";

const READING = "--phase before --reading 5h=1 --at 2025-10-19T09:00:00Z";
const USAGE = { input_tokens: 100, output_tokens: 50 };
const MESSAGE = { id: "msg_1", role: "assistant", model: "glm-4.6", usage: USAGE };
const LINE = {
  type: "assistant",
  sessionId: "s1",
  requestId: "r1",
  timestamp: "2025-10-19T09:30:00.000Z",
  message: MESSAGE,
};

/** Where what Claude Code asked of GLM is counted, if these windows are open. */
async function placeOfGuest(...windows: readonly string[]): Promise<string> {
  const lab = new CommandLab();
  for (const window of ["W0-01 --provider claude", ...windows]) {
    await lab.json(`override --window ${window} ${READING}`);
  }
  const log = lab.file("session.jsonl", LINE);
  const { out } = await lab.run(`ingest claude-session ${log} --by-time`);
  return out;
}

it("gives what Claude Code asked of GLM to the only open window of GLM", async () => {
  expect(await placeOfGuest("W0-02 --provider glm")).toContain("W0-02 (glm)  main");
});

it("gives it to Claude's window if GLM has none", async () => {
  expect(await placeOfGuest()).toContain("W0-01 (claude)  main");
});

it("gives it to no window if GLM has two, not to Claude's", async () => {
  const place = await placeOfGuest("W0-02 --provider glm", "W0-03 --provider glm");
  expect(place).toContain("none (ambiguous-time)  main");
});
