import { expect, it } from "vitest";

import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { judgeOccasion } from "./judge-occasion.ts";
import { comingOccasions, pastOccasions } from "./occasions.ts";
import { readSchedule } from "./windows-file.ts";

const PLAN = `2026-10-26 10:00 2026-10-26 15:00 W0-07 main codex
2026-10-26 15:00 2026-10-26 20:00 W0-08 main codex
2026-10-28 10:00 2026-10-28 15:00 W0-09 main codex`;

function moment(text: string): number {
  return epochMsOf(`2026-10-${text.replace(" ", "T")}:00.000Z`);
}

/** How the reading of a window is judged at a time, with a reset at another one. */
function judge(reading: string, now: string, reset?: string): string {
  const schedule = readSchedule(PLAN, { file: "plan", timeZone: "UTC", commands: [] });
  const nowMs = moment(now);
  const occasion = pastOccasions(schedule, nowMs, "UTC").find(({ title }) => title === reading);
  if (occasion === undefined) return "not yet";
  const resets = reset === undefined ? [] : [{ meter: "5h", resetsAt: timestampOf(moment(reset)) }];
  const judged = judgeOccasion(occasion, {
    nowMs,
    bufferMs: 300_000,
    windows: schedule.windows.map(({ planned }) => planned),
    resets: () => resets,
    isTaken: () => false,
  });
  return judged.kind === "wait" ? `wait ${timestampOf(judged.untilMs).slice(11, 16)}` : judged.kind;
}

const BEFORE = "W0-07 (codex) before";
const AFTER = "W0-07 (codex) after";
const LONE = "W0-08 (codex) after";

it.each([
  [BEFORE, "26 09:59", undefined, "not yet"],
  [BEFORE, "26 10:00", undefined, "run"],
  [BEFORE, "26 14:59", undefined, "run"],
  [BEFORE, "26 15:00", undefined, "missed"],
  [BEFORE, "26 10:00", "26 09:58", "wait 10:03"],
  [BEFORE, "26 12:00", "26 11:00", "run"],
  [AFTER, "26 15:00", undefined, "run"],
  [AFTER, "26 15:09", undefined, "run"],
  [AFTER, "26 15:10", undefined, "missed"],
  [AFTER, "26 15:00", "26 15:00", "wait 15:05"],
  [AFTER, "26 15:05", "26 15:00", "run"],
  [AFTER, "26 15:14", "26 15:00", "run"],
  [AFTER, "26 15:00", "26 15:01", "run"],
  [AFTER, "26 15:01", "26 15:01", "missed"],
  [LONE, "27 19:59", undefined, "run"],
  [LONE, "27 20:00", undefined, "missed"],
])("judges %s at %s, with a reset at %s: %s", (...row) => {
  const [reading, now, reset, expected] = row;
  expect(judge(reading, now, reset)).toBe(expected);
});

it("reads the window that ends before the one that begins at the same moment", () => {
  const schedule = readSchedule(PLAN, { file: "plan", timeZone: "UTC", commands: [] });
  const titles = pastOccasions(schedule, moment("26 15:00"), "UTC").map(({ title }) => title);
  expect(titles).toEqual([BEFORE, AFTER, "W0-08 (codex) before"]);
});

/** When a job is due next after a moment, in Berlin. */
function nextOf(when: string, after: string): string {
  const timeZone = "Europe/Berlin";
  const schedule = readSchedule(`job ${when} ccusage`, { file: "plan", timeZone, commands: [] });
  const [next] = comingOccasions(schedule, epochMsOf(after), timeZone);
  return timestampOf(next?.plannedMs ?? 0).slice(0, 16);
}

it.each([
  ["daily 02:30", "2026-03-28T12:00:00.000Z", "2026-03-29T01:30"],
  ["daily 02:30", "2026-03-29T01:30:00.000Z", "2026-03-30T00:30"],
  ["daily 02:30", "2026-10-24T12:00:00.000Z", "2026-10-25T00:30"],
  ["daily 02:30", "2026-10-25T00:30:00.000Z", "2026-10-26T01:30"],
  ["weekly mon 07:00", "2026-10-20T12:00:00.000Z", "2026-10-26T06:00"],
  ["weekly mon 07:00", "2026-10-26T06:00:00.000Z", "2026-11-02T06:00"],
])("is due once a day or week around both clock changes: %s after %s", (when, after, expected) => {
  expect(nextOf(when, after)).toBe(expected);
});
