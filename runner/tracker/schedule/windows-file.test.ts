import { expect, it } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { NEW_FILE } from "./new-file.ts";
import { planWindows, readSchedule } from "./windows-file.ts";

const COMMANDS = ["snapshot", "ingest", "checkpoint", "audit"];
const PLACE = { file: "windows.local.txt", timeZone: "Europe/Berlin", commands: COMMANDS };
const LINE = "2026-10-26 10:00  2026-10-26 15:00  W0-07  main  codex";
const PLANNED = {
  startMs: epochMsOf("2026-10-26T09:00:00.000Z"),
  endMs: epochMsOf("2026-10-26T14:00:00.000Z"),
  window: "W0-07",
  agent: "main",
  provider: "codex",
};

it("reads a window, with any blanks and with T", () => {
  for (const line of [LINE, LINE.replaceAll("  ", "\t"), LINE.replaceAll("26 1", "26T1")]) {
    expect(readSchedule(`# plan\n\n${line}\n`, PLACE)).toEqual({
      windows: [{ number: 3, planned: PLANNED }],
      jobs: [],
    });
  }
});

it("keeps all other lines when it adds and moves a window", () => {
  const text = `# mine\r\n\r\n${LINE}\r\n  # end\r\njob daily 06:30 ccusage daily\r\n`;
  const other = { ...PLANNED, window: "W0-08", agent: "sub1" };
  const moved = { ...PLANNED, endMs: PLANNED.endMs + 3_600_000 };
  expect(planWindows(text, [moved, other], PLACE)).toBe(
    text.replace("15:00", "16:00") + `${LINE.replace("W0-07  main", "W0-08  sub1")}\r\n`,
  );
  expect(planWindows(LINE, [PLANNED], PLACE)).toBe(LINE);
});

it("begins a new file with what it may say, and nothing is due by it", () => {
  expect(readSchedule(planWindows(NEW_FILE, [], PLACE), PLACE)).toEqual({ windows: [], jobs: [] });
  const jobs = NEW_FILE.replaceAll("# job", "job");
  expect(readSchedule(jobs, PLACE).jobs).toHaveLength(11);
});

it.each([
  [LINE.replace("W0-07", "W0/07"), 'expected a window of up to 64 .* got "W0/07"'],
  [LINE.replace("10:00", "25:00"), 'expected a local date and time, got "2026-10-26 25:00"'],
  [LINE.replace("10:00", "16:00"), "expected an end after 2026-10-26 16:00, got 2026-10-26 15:00"],
  [LINE.replace("  codex", ""), "expected start, end, window, agent and provider"],
  [`${LINE}\n${LINE}`, "got W0-07 main codex, which line 2 has"],
  [`${LINE}\n${LINE.replace("W0-07", "W0-08")}`, "end of W0-07 \\(line 2\\), got an overlap"],
  ["job hourly ccusage", 'got "job hourly ccusage"'],
  ["job daily 6:30 ccusage", 'expected a time of the day, got "6:30"'],
  ["job weekly someday 06:30 ccusage", 'got "someday"'],
  ["job daily 06:30 ccusage | grep x", "or a program \\| experiment …"],
  ["job daily 06:30 experiment audit | experiment audit", "or a program"],
  ["job daily 06:30 npx experiment audit | npx experiment audit", "or a program"],
  ["job daily 06:30 experiment audti", 'got "audti"'],
])("refuses %j with its line and a remedy", (line, fault) => {
  const number = line.includes("\n") ? 3 : 2;
  const form = new RegExp(`^windows\\.local\\.txt:${String(number)}: .*${fault}.*\\. ?\\S`, "su");
  expect(() => readSchedule(`# plan\n${line}\n`, PLACE)).toThrow(form);
});

it("lets two agents work the same window of a provider", () => {
  const text = `${LINE}\n${LINE.replace("main", "sub1")}\n`;
  expect(readSchedule(text, PLACE).windows).toHaveLength(2);
});
