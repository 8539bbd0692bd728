import { expect, it } from "vitest";

import { claudeUsage } from "../claude-usage/parse.ts";

const CAPTURE = { capturedAt: "2026-01-02T10:00:20.000Z", timeZone: "UTC" };

const ACTIVE = `
💰 Cost Usage:           🟢 [██░░░░░░] 12.3%    $2.21 / $18.00
📊 Token Usage:          🟢 [██░░░░░░] 12.3%    12,345 / 44,000
📨 Messages Usage:       🟢 [█░░░░░░░]   4.0%    10 / 250
⏱️  Time to Reset:       ⏰ [██░░░░░░] 2h 13m
🔥 Burn Rate:            123.4 tokens/min
🔮 Predictions:  Tokens will run out: 14:20 / Limit resets at: 18:00
`;

const IDLE = `
📊 Token Usage:    [░░░░░░░░] 0.0%
🎯 Tokens:         0 / ~153,378 (0 left)
📨 Sent Messages:  0 messages
`;

const read = (text: string) => claudeUsage.parse(text, CAPTURE);

it("reads the screen of a session", () => {
  const { meters, errors } = read(ACTIVE);
  expect(errors).toEqual([]);
  expect(meters.map(({ name, unit, used, limit }) => [name, unit, used, limit])).toEqual([
    ["monitor-tokens", "tokens", 12_345, 44_000],
    ["monitor-cost", "usd", 2.21, 18],
    ["monitor-messages", "prompts", 10, 250],
  ]);
  expect(meters[0]?.resets_at).toBe("2026-01-02T12:13:00.000Z");
});

it("reads it with colours, in a frame, with the line ends of Windows", () => {
  const escape = String.fromCodePoint(0x1b);
  const coloured = ACTIVE.split("\n").map((line) => `│ ${escape}[1;32m${line}${escape}[0m │`);
  expect(read(coloured.join("\r\n")).meters).toEqual(read(ACTIVE).meters);
});

it("has more used than the limit, though the bar ends at 100 %", () => {
  const text = ACTIVE.replace("12.3%    12,345 / 44,000", "100.0%    52,345 / 44,000");
  expect(read(text).meters[0]?.used).toBe(52_345);
});

it("reads the last of several screens, and says so", () => {
  const { meters, notes } = read(ACTIVE + ACTIVE.replace("12,345", "15,000"));
  expect(meters[0]?.used).toBe(15_000);
  expect(notes).toEqual(["multi-pane-trimmed"]);
});

it("reads the screen without a session, although a screen with a session comes before it", () => {
  expect(read(ACTIVE + IDLE).meters.map(({ name, used }) => [name, used])).toEqual([
    ["monitor-tokens", 0],
    ["monitor-messages", 0],
  ]);
});

it("reads the screen without a session as idle", () => {
  expect(read(IDLE)).toMatchObject({
    meters: [
      { name: "monitor-tokens", used: 0, limit: 153_378, is_idle: true, resets_at: null },
      { name: "monitor-messages", used: 0, is_idle: true, resets_at: null },
    ],
    errors: [],
  });
});

it("reads the screen of a plan without a known limit", () => {
  const text = IDLE.replace("0 / ~153,378 (0 left)", "1,234 / ~153,378 (152,144 left)")
    .replace("0 messages", "12 messages")
    .concat("⏱️  Time to Reset:  2h 13m");
  expect(read(text)).toMatchObject({
    meters: [
      { name: "monitor-tokens", used: 1234, resets_at: "2026-01-02T12:13:00.000Z" },
      { name: "monitor-messages", unit: "prompts", used: 12 },
    ],
    errors: [],
  });
});

it.each([
  ["its figures", ACTIVE.replace("12,345 / 44,000", "12,3…"), "Token Usage"],
  ["its limit", ACTIVE.replace("12,345 / 44,000", "12,345 / 44,0"), "Token Usage"],
  ["its messages", ACTIVE.replace("10 / 250", "10 / "), "Messages Usage"],
  ["its dollars", ACTIVE.replace("/ $18.00", "/ $"), "Cost Usage"],
  ["a reset of no window of five hours", ACTIVE.replace("2h 13m", "7h 13m"), "Time to Reset"],
  ["its reset", ACTIVE.replace("2h 13m", "…"), "Time to Reset"],
])("names what is cut off: %s", (_what, text, name) => {
  expect(read(text).errors.join(" ")).toContain(name);
});

it("leaves Claude's own pane to its own parser", () => {
  const text = "Current session\n10% used\nResets 9pm (UTC)";
  expect(read(text).meters[0]?.name).toBe("5h");
});

const PANE =
  "Current session\n10% used\nResets 1pm (UTC)\nCurrent week (all models)\n20% used\nResets Jan 5, 9pm (UTC)";

it.each([
  ["before", `${ACTIVE}\n${PANE}`],
  ["behind", `${PANE}\n${ACTIVE}`],
])("reads it %s Claude's own pane in one capture", (_where, text) => {
  const { meters, errors } = read(text);
  expect(errors).toEqual([]);
  expect(meters.map(({ name, used }) => [name, used])).toEqual([
    ["5h", 10],
    ["weekly", 20],
    ["monitor-tokens", 12_345],
    ["monitor-cost", 2.21],
    ["monitor-messages", 10],
  ]);
});

it("names a pane of Claude next to it that could not be loaded", () => {
  const { meters, errors } = read(`${ACTIVE}\nFailed to load usage data`);
  expect(meters).toHaveLength(3);
  expect(errors.join(" ")).toContain("could not load the usage");
});

it("gives no reset of its own to a pane of Claude before it that names none", () => {
  const { meters, errors } = read(`Current session\n0% used\n${ACTIVE}`);
  expect(errors).toEqual([]);
  expect(meters[0]).toMatchObject({ name: "5h", is_idle: true, resets_at: null });
});
