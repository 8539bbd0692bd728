import { describe, expect, it } from "vitest";

import { claudeUsage } from "./parse.ts";

const CAPTURE = { capturedAt: "2025-10-19T10:00:00.000Z", timeZone: "Europe/Berlin" };

function short(text: string, capture = CAPTURE) {
  const { meters, errors, notes } = claudeUsage.parse(text, capture);
  return {
    meters: meters.map(({ name, used, resets_at }) => [name, used, resets_at]),
    errors,
    notes,
  };
}

function idle(text: string) {
  return claudeUsage.parse(text, CAPTURE).meters.map(({ is_idle: isIdle }) => isIdle);
}

const WIDE = `
 Current session
 ▌                                                  1% used
 Resets 8:59pm (Asia/Irkutsk)

 Current week (all models)
 █████████████████████████████████████████████      90% used
 Resets Oct 20, 1:59am (Asia/Irkutsk)

 Current week (Opus)
                                                    0% used
`;

const WIDE_METERS = [
  ["5h", 1, "2025-10-19T12:59:00.000Z"],
  ["weekly", 90, "2025-10-19T17:59:00.000Z"],
  ["weekly opus", 0, null],
];

describe("claude /usage", () => {
  it("reads the wide pane; a limit without a reset keeps its own and no other's", () => {
    expect(short(WIDE)).toEqual({
      meters: WIDE_METERS,
      errors: [],
      notes: [],
    });
  });

  it("takes a limit at 0 % for idle if the pane names no reset", () => {
    expect(idle(WIDE)).toEqual([undefined, undefined, true]);
    expect(idle("Current session 0% used Resets 1pm (UTC)")).toEqual([undefined]);
    expect(idle("Current session 0% used Resets")).toEqual([undefined]);
    expect(idle("Current session 1% used")).toEqual([undefined]);
    expect(idle("Current session 100% left")).toEqual([true]);
  });

  it("reads a narrow pane, whichever lines are wrapped", () => {
    const text = `
 Current session · Resets 9pm
 (Asia/Irkutsk)
 ▌
 1% used

 Current week (all
 models) · Resets Oct
  20, 2am (Asia/Irkutsk)
 █████████
 90% used`;
    expect(short(text)).toEqual({
      meters: [
        ["5h", 1, "2025-10-19T13:00:00.000Z"],
        ["weekly", 90, "2025-10-19T18:00:00.000Z"],
      ],
      errors: [],
      notes: [],
    });
  });

  it("reads the one-line form", () => {
    const capture = { ...CAPTURE, capturedAt: "2026-06-28T08:00:00.000Z" };
    const text = [
      "Current session: 22% used · resets Jun 28, 10:40am (UTC)",
      "Current week (all models): 45% used · resets Jul 1, 8pm (UTC)",
    ].join("\n");
    expect(short(text, capture)).toEqual({
      meters: [
        ["5h", 22, "2026-06-28T10:40:00.000Z"],
        ["weekly", 45, "2026-07-01T20:00:00.000Z"],
      ],
      errors: [],
      notes: [],
    });
  });
});

describe("claude /usage of several versions", () => {
  it("keeps the week of one model apart from the week of all", () => {
    const text = `
Current session  5% used  Resets 9pm (UTC)
Current week (all models)  40% used  Resets Oct 22, 2am (UTC)
Current week (Sonnet only)  3% used  Resets Oct 23, 2am (UTC)
Current week (Fable)  7% used  Resets Oct 23, 3am (UTC)`;
    expect(short(text).meters.map(([name, used]) => [name, used])).toEqual([
      ["5h", 5],
      ["weekly", 40],
      ["weekly sonnet", 3],
      ["weekly fable", 7],
    ]);
  });

  it("takes a week without a name as that of all models", () => {
    expect(short("Current week  40% used  Resets Oct 22, 2am (UTC)").meters).toEqual([
      ["weekly", 40, "2025-10-22T02:00:00.000Z"],
    ]);
  });

  it("reads a version that says left by its words", () => {
    const text =
      "Current session  99% left  Resets 1pm (UTC)\nCurrent week  10% remaining  Resets Oct 22, 2am (UTC)";
    expect(short(text).meters.map(([name, used]) => [name, used])).toEqual([
      ["5h", 1],
      ["weekly", 90],
    ]);
  });

  it("reads a reset as a duration from now", () => {
    expect(short("Current session  5% used  Resets in 2h 15m").meters).toEqual([
      ["5h", 5, "2025-10-19T12:15:00.000Z"],
    ]);
    expect(short("Current week  5% used  Resets in 3d 4h").meters).toEqual([
      ["weekly", 5, "2025-10-22T14:00:00.000Z"],
    ]);
  });

  it("reads a time without a zone in the capture's own", () => {
    expect(short("Current session  5% used  Resets 1pm").meters).toEqual([
      ["5h", 5, "2025-10-19T11:00:00.000Z"],
    ]);
    expect(short("Current session  5% used  Resets 12:30pm").meters[0]?.[2]).toBe(
      "2025-10-19T10:30:00.000Z",
    );
  });
});

describe("claude /usage in a narrow terminal", () => {
  it("reads a zone that is broken after its slash", () => {
    expect(short("Current session  5% used  Resets 9pm (Asia/\n Irkutsk)").meters).toEqual([
      ["5h", 5, "2025-10-19T13:00:00.000Z"],
    ]);
  });

  it("does not take the rest of a number that was split for the number", () => {
    expect(short("Current session\n▌ 1\n0% used\nResets 1pm (UTC)")).toEqual({
      meters: [],
      errors: ['5h: expected a percentage such as 28 %, got "1 0 %".'],
      notes: [],
    });
  });
});

describe("claude /usage with something missing", () => {
  it.each([
    ["the time of a week's reset without its day", "Current week  5% used  Resets 8pm (UTC)"],
    ["an unknown zone", "Current week  5% used  Resets Oct 22, 8pm (Middle/Earth)"],
    ["an unknown month", "Current week  5% used  Resets Foo 22, 8pm (UTC)"],
    ["a day that does not exist", "Current week  5% used  Resets Feb 31, 8pm (UTC)"],
    ["a reset that was cut off", "Current week  5% used  Resets Oct"],
    ["a zone that was cut off", "Current week  5% used  Resets Oct 22, 8pm (Asia/Irk"],
    ["an hour that does not exist", "Current week  5% used  Resets Oct 22, 13pm (UTC)"],
    ["a reset beyond the limit's window", "Current week  5% used  Resets in 99999999999d"],
  ])("does not guess %s", (_, text) => {
    const { meters, errors } = short(text);
    expect(meters).toEqual([["weekly", 5, null]]);
    expect(errors).toHaveLength(1);
  });

  it("leaves other percentages alone", () => {
    const text = `${WIDE.replace(" 0% used", "")}
 Extra usage
 ▌ 2% used · $1.96 / $100.00 spent · Resets Nov 1 (UTC)
 Context window: 67% left`;
    expect(short(text)).toEqual({
      meters: WIDE_METERS.slice(0, 2),
      errors: ["weekly opus: expected a percentage, got none."],
      notes: ["extra-usage-not-read"],
    });
  });
});

describe("claude /usage of several panes", () => {
  it("keeps the last of several panes", () => {
    const { meters, notes } = short(`${WIDE}\n${WIDE.replace("1% used", "4% used")}`);
    expect(meters[0]?.[1]).toBe(4);
    expect(meters).toHaveLength(3);
    expect(notes).toEqual(["multi-pane-trimmed"]);
  });

  it("keeps the last of several panes though its session is not shown", () => {
    const week = "Current week (all models)  44% used  Resets Oct 22, 2am (UTC)";
    expect(short(`${WIDE}\n> /usage\n${week}`)).toEqual({
      meters: [["weekly", 44, "2025-10-22T02:00:00.000Z"]],
      errors: [],
      notes: ["multi-pane-trimmed"],
    });
  });

  it("does not fall back to an earlier pane if the last one could not be loaded", () => {
    expect(short(`${WIDE}\n> /usage\nError: Failed to load usage data`)).toEqual({
      meters: [],
      errors: ['Claude Code could not load the usage: "Failed to load usage data".'],
      notes: ["multi-pane-trimmed"],
    });
  });

  it("reads the pane that was on the screen before it was closed", () => {
    expect(short(`${WIDE}\n Status dialog dismissed`).meters).toEqual(WIDE_METERS);
  });

  it("notes that the figures are older than the capture", () => {
    expect(short("Current session  5% used  as of 9:14am  Resets 1pm (UTC)").notes).toEqual([
      "as-of:9:14am",
    ]);
  });

  it("ignores what comes after the pane", () => {
    const text = "Current session  5% used  Resets 1pm (UTC)  Esc to cancel  > red as of yesterday";
    expect(short(text).notes).toEqual([]);
  });

  it.each([
    ["a failure", "Error: Failed to load usage data"],
    ["a closed pane", "Status dialog dismissed"],
    ["nothing", ""],
    ["a percentage without a word", "Current session 5% Resets 1pm (UTC)"],
    ["more than 100 %", "Current session 105% used Resets 1pm (UTC)"],
    ["more than a screen", "x".repeat(300_000)],
  ])("says what is wrong with %s", (_, text) => {
    const { meters, errors } = short(text);
    expect(meters).toEqual([]);
    expect(errors).toHaveLength(1);
  });
});
