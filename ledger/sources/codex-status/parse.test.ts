import { describe, expect, it } from "vitest";

import { codexStatus } from "./parse.ts";

const CAPTURE = { capturedAt: "2025-10-19T10:00:00.000Z", timeZone: "Europe/Berlin" };

function parse(text: string, capture = CAPTURE) {
  return codexStatus.parse(text, capture);
}

/** What of a reading the tables below compare. */
function short(text: string, capture = CAPTURE) {
  const { meters, errors, notes } = parse(text, capture);
  return {
    meters: meters.map(({ name, used, resets_at }) => [name, used, resets_at]),
    errors,
    notes,
  };
}

const WIDE = `
╭─────────────────────────────────────────────────────────────────────────────╮
│  >_ OpenAI Codex (v0.44.0)                                                  │
│                                                                             │
│  Model:            some-model (reasoning low, summaries auto)               │
│  Account:          someone@example.invalid (Pro)                            │
│  Session:          00000000-0000-7000-8000-000000000001                     │
│  Context window:   67% left (2.65K used / 272K)                             │
│  5h limit:         [░░░░░░░░░░░░░░░░░░░░] 1% used (resets 13:01)            │
│  Weekly limit:     [████████████████░░░░] 82% used (resets 21:29 on 21 Oct) │
╰─────────────────────────────────────────────────────────────────────────────╯`;

const WIDE_METERS = [
  ["5h", 1, "2025-10-19T11:01:00.000Z"],
  ["weekly", 82, "2025-10-21T19:29:00.000Z"],
];

describe("codex /status", () => {
  it("reads the wide pane that says used, and leaves the context window alone", () => {
    expect(short(WIDE)).toEqual({ meters: WIDE_METERS, errors: [], notes: [] });
    expect(parse(WIDE).meters[0]).toEqual({
      name: "5h",
      limit_window_minutes: 300,
      unit: "percent",
      used: 1,
      resets_at: "2025-10-19T11:01:00.000Z",
      as_of: CAPTURE.capturedAt,
    });
  });

  it("reads the pane that says left by its words, whatever its bars show", () => {
    const text = `
>_ OpenAI Codex (v0.85.0)
 5h limit:     [██████░░░░░░░░░░░░░░] 28% left (resets 13:14)
 Weekly limit: [███████████░░░░░░░░░] 55% left (resets 15:24)
 Credits:      38 credits`;
    expect(short(text)).toEqual({
      meters: [
        ["5h", 72, "2025-10-19T11:14:00.000Z"],
        ["weekly", 45, "2025-10-19T13:24:00.000Z"],
      ],
      errors: [],
      notes: ["credits-left:38 credits"],
    });
  });

  it.each([
    ["narrow, the word cut", "│  5h limit:  [░░░░] 1% us │\n│             (resets 13:01) │"],
    ["narrow, one letter left", "│  5h limit:  [░░░░] 1% u │\n│             (resets 13:01) │"],
    ["medium", "│  5h limit:  [░░░░░] 1% used │\n│             (resets 13:01)  │"],
    ["wrapped in the reset", "│  5h limit:  [░░░░░] 1% used (resets │\n│     13:01) │"],
    ["coloured", "\u001B[2m5h limit:\u001B[0m  \u001B[32m[░░]\u001B[0m 1% used (resets 13:01)"],
    ["with line ends of Windows", "5h limit: [░░] 1% used (resets 13:01)\r\n"],
  ])("reads the same meter from a pane that is %s", (_, text) => {
    expect(short(text)).toEqual({ meters: [WIDE_METERS[0]], errors: [], notes: [] });
  });

  it("reads a date that is wrapped", () => {
    const text = "Weekly limit: [███░] 30% used\n(resets 21:11\non 25 Oct)";
    expect(short(text).meters).toEqual([["weekly", 30, "2025-10-25T19:11:00.000Z"]]);
  });

  it("names each limit of a pane that is too narrow for figures", () => {
    expect(short("│ 5h limit: │\n│ Weekly limit: │")).toEqual({
      meters: [],
      errors: ["5h: expected a percentage, got none.", "weekly: expected a percentage, got none."],
      notes: [],
    });
  });
});

describe("codex /status with something missing", () => {
  it("keeps the weekly reset if the line above has none", () => {
    const text = "5h limit: [░░] 1% used\nWeekly limit: [██] 82% used (resets 21:29 on 21 Oct)";
    expect(short(text)).toEqual({
      meters: [["5h", 1, null], WIDE_METERS[1]],
      errors: ["5h: expected a reset, got none that can be read."],
      notes: [],
    });
  });

  it.each([
    ["cut off", "13:0", "expected a reset, got none that can be read."],
    ["of an unknown month", "13:01 on 19 Foo)", "expected a reset, got none that can be read."],
    [
      "of a day that does not exist",
      "13:01 on 31 Feb)",
      'expected a reset that exists, got "resets 13:01 on 31 Feb".',
    ],
    [
      "of another year",
      "13:01 on 25 Dec)",
      'reset-implausible: expected a reset within 300 minutes of the capture, got "resets 13:01 on 25 Dec".',
    ],
  ])("does not guess a reset that is %s", (_, reset, error) => {
    const text = `5h limit: [░░] 1% used (resets ${reset}`;
    expect(short(text)).toMatchObject({ meters: [["5h", 1, null]] });
    expect(short(text).errors).toEqual([`5h: ${error}`]);
  });

  it("does not guess what a percentage without a word means", () => {
    const { meters, errors } = short("5h limit: [░░] 1% (resets 13:01)");
    expect(meters).toEqual([]);
    expect(errors).toEqual(['5h: expected "used" or "left" after 1 %, got no word.']);
  });
});

describe("codex /status with several panes or limits", () => {
  it("keeps the last of several panes", () => {
    const later = WIDE.replace("1% used", "7% used");
    expect(short(`${WIDE}\n> hello\n${later}`)).toEqual({
      meters: [["5h", 7, WIDE_METERS[0]?.[2]], WIDE_METERS[1]],
      errors: [],
      notes: ["multi-pane-trimmed"],
    });
  });

  it("keeps the last of several panes whose heads were cut off", () => {
    const text = [
      "5h limit: [░] 1% used (resets 13:01)",
      "Weekly limit: [░] 9% used (resets 15:24)",
      "5h limit: [░] 5% used (resets 13:01)",
    ].join("\n");
    const { meters, notes } = short(text);
    expect(meters).toEqual([["5h", 5, "2025-10-19T11:01:00.000Z"]]);
    expect(notes).toEqual(["multi-pane-trimmed"]);
  });

  it("says that the last pane shows nothing, though an earlier one did", () => {
    expect(short(`${WIDE}\n>_ OpenAI Codex (v0.44.0)\nModel: some-model`)).toMatchObject({
      meters: [],
      errors: ["The pane shows no limits."],
    });
  });

  it("takes a model's limit as one of its own", () => {
    const text = `
5h limit:      [░░] 10% left (resets 13:01)
small-model limit:
5h limit:      [██] 90% left (resets 13:30)
big-model Weekly limit: [██] 40% left (resets 15:24)`;
    expect(short(text).meters.map(([name, used]) => [name, used])).toEqual([
      ["5h", 90],
      ["small-model 5h", 10],
      ["small-model big-model weekly", 60],
    ]);
  });

  it("distinguishes limits by their name, never by their place", () => {
    const text =
      "Weekly limit: [░] 4% used (resets 07:08 on 22 Oct)\nMonthly limit: [░] 12% used (resets 07:08 on 7 Nov)";
    expect(
      parse(text).meters.map(({ name, limit_window_minutes: minutes }) => [name, minutes]),
    ).toEqual([
      ["weekly", 10_080],
      ["monthly", 43_200],
    ]);
  });
});

describe("codex /status near a reset", () => {
  it("notes that the limits may be stale, and names the page that shows them", () => {
    const text =
      "5h limit: [░] 1% used (resets 13:01)\nWarning: limits may be stale - start new turn to refresh.";
    expect(short(text).notes).toEqual(["stale-limits"]);
    expect(short("Limits: visit example.invalid/usage")).toEqual({
      meters: [],
      errors: ["The pane shows no limits."],
      notes: ["limits-shown-elsewhere"],
    });
  });

  it("leaves warnings of other programs alone", () => {
    const { notes } = short("5h limit: 9% used (resets 13:01)\nWarning: the lock file is stale");
    expect(notes).toEqual([]);
  });

  it("notes limits that are not there yet", () => {
    expect(short("Limits: data not available yet").notes).toEqual(["limits-not-available"]);
  });

  it("reads a pane that lags behind its reset as of that reset", () => {
    const capture = { ...CAPTURE, capturedAt: "2025-10-19T11:02:00.000Z" };
    expect(short("5h limit: [░] 3% used (resets 13:01)", capture)).toEqual({
      meters: [["5h", 3, "2025-10-19T11:01:00.000Z"]],
      errors: [],
      notes: ["stale-pane"],
    });
  });

  it("never moves a reset further ahead than the limit's window", () => {
    const capture = { ...CAPTURE, capturedAt: "2025-10-19T11:40:00.000Z" };
    expect(short("5h limit: [░] 3% used (resets 13:01)", capture).meters).toEqual([
      ["5h", 3, "2025-10-19T11:01:00.000Z"],
    ]);
  });

  it("takes a time without a date for one of the same day, which had passed", () => {
    const capture = { ...CAPTURE, capturedAt: "2025-10-19T20:00:00.000Z" };
    expect(short("Weekly limit: [░] 80% used (resets 21:11)", capture)).toMatchObject({
      meters: [["weekly", 80, "2025-10-19T19:11:00.000Z"]],
      notes: ["stale-pane"],
    });
  });

  it("finds the year of a date at the turn of the year", () => {
    const capture = { ...CAPTURE, capturedAt: "2025-12-30T10:00:00.000Z" };
    expect(short("Weekly limit: [░] 3% used (resets 13:01 on 2 Jan)", capture).meters).toEqual([
      ["weekly", 3, "2026-01-02T12:01:00.000Z"],
    ]);
  });
});

describe("codex in other forms", () => {
  it("reads the status line, which names no reset", () => {
    const { meters, errors } = short("some-model · 5h 96% left · weekly 80% left");
    expect(meters).toEqual([
      ["5h", 4, null],
      ["weekly", 20, null],
    ]);
    expect(errors).toHaveLength(2);
    expect(short("5h 96%").meters).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["prose", "Nothing to see here: move on"],
    ["JSON that is cut", '{"rateLimits":{"primary"'],
    ["JSON of another shape", '{"rateLimits":{"primary":{"usedPercent":400}}}'],
    ["more than 100 %", "5h limit: [░] 400% used (resets 13:01)"],
    ["more than a screen", "x".repeat(300_000)],
  ])("says what is wrong with %s", (_, text) => {
    const { meters, errors } = parse(text);
    expect(meters).toEqual([]);
    expect(errors).toHaveLength(1);
  });
});

describe("codex with figures that are not what they seem", () => {
  it.each([
    ["was split by a narrow terminal", "10\n0% used", "10 0 %"],
    ["has a comma", "3,5% used", "3,5 %"],
    ["is negative", "-3% used", "-3 %"],
    ["is a bound", "<1% used", "<1 %"],
  ])("does not take the rest of a number that %s for the number", (_, shown, said) => {
    expect(short(`5h limit: [███] ${shown} (resets 13:01)`)).toEqual({
      meters: [],
      errors: [`5h: expected a percentage such as 28 %, got "${said}".`],
      notes: [],
    });
  });

  it("keeps lines apart that the terminal's cursor was put to", () => {
    const esc = String.fromCodePoint(0x1b);
    const text = `5h limit:${esc}[8C1% used (resets 13:01)${esc}[2;1HWeekly limit: 82% used (resets 21:29 on 21 Oct)`;
    expect(short(text)).toEqual({ meters: WIDE_METERS, errors: [], notes: [] });
  });

  it("keeps the last of several status lines, and says so", () => {
    const { meters, notes } = short("5h 96% left · weekly 44% left\n5h 90% left");
    expect(meters).toEqual([["5h", 10, null]]);
    expect(notes).toEqual(["multi-pane-trimmed"]);
  });

  it.each([
    ["spaces", `5h limit: 1% used (resets ${" ".repeat(200_000)}x`],
    ["dots", `5h limit: ${".".repeat(200_000)}`],
  ])("reads a line of many %s without going over it again and again", (_, text) => {
    const before = process.cpuUsage();
    expect(short(text).errors).toHaveLength(1);
    // A second of the processor's time, which other work on the machine does not use up.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
