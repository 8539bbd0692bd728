import type { EffectTable } from "./effect.ts";

const ADDED =
  "schedule add W1-09 --start 2026-10-26T10:00 --end 2026-10-26T15:00 --provider codex --time-zone UTC";
const ADD = ADDED.replace("schedule add ", "");
const ELSEWHERE = [ADDED, `${ADDED} --file other.txt`.replace("W1-09", "W1-10")];
const FILE = "--file other.txt";
const ZONE = "--time-zone Asia/Tokyo";

/** After the moment of every call, and at it. */
const LATER = ELSEWHERE.map((line) => line.replaceAll("2026", "2041"));
const UNDER_WAY = ADDED.replace("2026-10-26T10", "2039-12-31T10").replace(
  "2026-10-26T",
  "2040-01-01T",
);

/** A ledger by which the window may not end when it shall. */
const LATE = ADD.replaceAll("2026-10-26", "2025-10-19").replace("15:00", "13:02");

/** Clocks in Berlin leave its start out. */
const IN_GAP =
  "W1-09 --start 2026-03-29T02:30 --end 2026-03-29T05:00 --provider codex --file new.txt";

/** Commands on the schedule. */
export const SCHEDULE_EFFECTS: EffectTable = {
  "schedule add": {
    folder: "manual",
    base: ADD,
    options: {
      "--start": "--start 2026-10-26T11:00",
      "--end": "--end 2026-10-26T16:00",
      "--provider": "--provider other",
      "--agent": "--agent second",
      "--file": FILE,
      "--time-zone": { base: IN_GAP, add: "--time-zone Europe/Berlin" },
      "--data-dir": { base: LATE, add: "--data-dir elsewhere" },
      "--json": "--json",
    },
  },
  "schedule list": {
    folder: "files",
    before: ELSEWHERE,
    base: "--time-zone UTC",
    options: {
      "--file": FILE,
      "--time-zone": ZONE,
      "--json": "--json",
    },
  },
  "schedule next": {
    folder: "files",
    before: LATER,
    base: "--time-zone UTC",
    options: {
      "--file": FILE,
      "--time-zone": ZONE,
      "--json": "--json",
    },
  },
  "schedule run": {
    folder: "manual",
    before: [UNDER_WAY, `${UNDER_WAY} --file other.txt`.replace("W1-09", "W1-10")],
    base: "--once --time-zone UTC",
    options: {
      "--file": FILE,
      "--time-zone": ZONE,
      "--buffer-seconds": { add: "--buffer-seconds 299" },
      "--once": { base: "--time-zone UTC", add: "--once" },
      "--data-dir": "--data-dir elsewhere",
    },
  },
  "schedule import": {
    folder: "manual",
    before: [ADDED, "schedule export --out plan.ics"],
    base: "plan.ics --time-zone UTC",
    options: {
      "--file": FILE,
      "--time-zone": { base: "plan.ics --file new.txt --time-zone UTC", add: ZONE },
      "--data-dir": {
        before: [
          `${ADDED} --data-dir none`
            .replaceAll("2026-10-26", "2025-10-19")
            .replace("15:00", "13:02"),
          "schedule export --out plan.ics",
        ],
        add: "--data-dir elsewhere",
      },
      "--json": "--json",
    },
  },
  "schedule export": {
    folder: "files",
    before: ELSEWHERE,
    base: "--time-zone UTC",
    options: { "--out": "--out plan.ics", "--file": FILE, "--time-zone": ZONE },
  },
  checkpoint: {
    folder: "manual",
    base: "final --window W1-01",
    options: {
      "--session": "--session monday",
      "--task": "--task search",
      "--notes": "--notes unusual",
      "--time-zone": { base: "final --time-zone UTC", add: "--time-zone America/New_York" },
      "--handoff": "--handoff page.md",
      "--repo": {
        before: [
          "complete --window W1-02 --provider codex --feature search --outcome pass --repo {project} --commit-start HEAD~1 --commit-end HEAD",
        ],
        base: "final --window W1-02 --handoff page.md",
        add: "--repo {project}",
        isRefused: true,
      },
      "--agent": "--agent second",
      "--data-dir": "--data-dir elsewhere",
      "--json": "--json",
      "--window": "--window W1-02",
      "--provider": "--provider other",
      "--planned": "--planned 100",
      "--actual": "--actual 100",
      "--commits": "--commits 2",
      "--lines": "--lines 30",
      "--features": "--features 2",
      "--tests": "--tests 4",
    },
  },
};
