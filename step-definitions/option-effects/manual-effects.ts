import type { EffectTable } from "./effect.ts";

const AT = "2025-10-19T1";
const AGENT = {
  "--agent": "--agent second",
  "--data-dir": "--data-dir elsewhere",
  "--json": "--json",
} as const;
const NOTES = "--notes unusual";

/** Commands on manual windows. */
export const MANUAL_EFFECTS: EffectTable = {
  "window start": { folder: "manual", base: "W1-09", options: AGENT },
  "window end": { folder: "manual", before: ["window start W1-09"], base: "W1-09", options: AGENT },
  ingest: {
    folder: "manual",
    base: "claude-session session.jsonl --window W1-02",
    options: {
      "--stdin": { base: "claude-session --window W1-02", add: "--stdin", isRefused: true },
      "--by-time": { base: "claude-session session.jsonl", add: "--by-time", isRefused: true },
      ...AGENT,
      "--window": "--window W1-03",
      "--provider": "--provider other",
      "--attempt": "--attempt 2",
      "--watch": "--watch",
      "--listen": {
        base: "claude-session session.jsonl --window W1-02",
        add: "--listen 127.0.0.1:0",
      },
    },
  },
  reconcile: {
    folder: "manual",
    before: ["ingest claude-session session.jsonl --window W1-02"],
    options: {
      "--window": "--window W1-01",
      "--experiment": { folder: "finished", add: "--experiment manual" },
      ...AGENT,
    },
  },
  aliases: { base: "--shell bash", options: { "--shell": "--shell fish" } },
  snapshot: {
    folder: "manual",
    base: `after codex --window W1-02 --file later.txt --time-zone UTC --at ${AT}2:00:00Z`,
    options: {
      "--file": "--file much-later.txt",
      "--tmux": {
        base: `after codex --window W1-02 --time-zone UTC --at ${AT}2:00:00Z`,
        add: "--tmux none:9",
        isRefused: true,
      },
      "--run": {
        base: "after glm --window W1-02 --time-zone UTC",
        add: "--run",
        isRefused: true,
      },
      "--wait": "--wait 0",
      "--from": {
        base: `cross codex --window W1-04 --file much-later.txt --time-zone UTC --at ${AT}2:00:00Z`,
        before: [
          `snapshot before codex --window W1-03 --file later.txt --time-zone UTC --at ${AT}1:20:00Z`,
        ],
        add: "--from W1-02",
      },
      "--accept-idle": "--accept-idle",
      "--notes": NOTES,
      ...AGENT,
      "--window": "--window W1-05",
      "--provider": "--provider other",
      "--attempt": "--attempt 2",
      "--at": `--at ${AT}2:30:00Z`,
      "--time-zone": "--time-zone Asia/Tokyo",
      "--late": {
        base: `after codex --window W1-02 --file reset.txt --time-zone UTC --at ${AT}3:04:00Z`,
        add: "--late",
      },
    },
  },
  override: {
    folder: "manual",
    base: `--window W1-02 --provider codex --phase after --meter 5h --used 9 --resets-at ${AT}3:01:00Z --at ${AT}2:00:00Z`,
    options: {
      "--phase": "--phase before",
      "--reading": {
        base: `--window W1-02 --provider codex --phase after --reading 5h=9 --at ${AT}2:00:00Z`,
        add: "--reading weekly=4",
      },
      "--meter": "--meter weekly",
      "--used": "--used 10",
      "--unit": "--unit tokens",
      "--resets-at": `--resets-at ${AT}3:02:00Z`,
      "--minutes": "--minutes 600",
      "--limit": {
        base: `--window W1-02 --provider codex --phase after --meter 5h --used 9 --unit tokens --resets-at ${AT}3:01:00Z --at ${AT}2:00:00Z`,
        add: "--limit 100",
      },
      "--notes": NOTES,
      ...AGENT,
      "--window": "--window W1-07",
      "--provider": "--provider other",
      "--attempt": "--attempt 2",
      "--at": `--at ${AT}2:30:00Z`,
      "--late": {
        base: `--window W1-02 --provider codex --phase after --meter 5h --used 9 --resets-at ${AT}8:01:00Z --at ${AT}3:04:00Z`,
        add: "--late",
      },
    },
  },
  complete: {
    folder: "manual",
    base: "--window W1-02 --provider codex --feature search --outcome pass",
    options: {
      "--feature": "--feature other",
      "--outcome": "--outcome fail",
      "--quality": "--quality 0.5",
      "--reason": "--reason done",
      "--notes": NOTES,
      "--methodology": "--methodology solo",
      "--commit-start": "--commit-start 1a2b3c4",
      "--commit-end": "--commit-end 1a2b3c4",
      "--repo": {
        base: "--window W1-02 --provider codex --feature search --outcome pass --commit-end HEAD",
        add: "--repo {project}",
        isRefused: true,
      },
      "--baseline": "--baseline codex",
      ...AGENT,
      "--window": "--window W1-03",
      "--provider": "--provider other",
      "--attempt": "--attempt 2",
    },
  },
  churn: {
    folder: "manual",
    base: "--window W1-01 --provider codex --repo {project} --commit-start HEAD~1 --commit-end HEAD",
    options: {
      "--scenarios": "--scenarios 4",
      "--plan": "--plan plan.md",
      "--by-feature": "--by-feature",
      "--commit-start": "--commit-start HEAD~2",
      "--commit-end": "--commit-end HEAD~1",
      "--repo": "--repo .",
      ...AGENT,
      "--window": "--window W1-02",
      "--provider": "--provider other",
      "--attempt": "--attempt 2",
    },
  },
  undo: {
    folder: "manual",
    options: {
      "--id": "--id {row}",
      "--window": "--window W1-02",
      "--provider": "--provider other",
      "--phase": "--phase before",
      "--reason": "--reason wrong",
      ...AGENT,
    },
  },
  audit: {
    base: "--window W1-01",
    options: {
      "--window": "--window W1-02",
      "--experiment": { base: "--window W0-01", add: "--experiment manual" },
      "--data-dir": AGENT["--data-dir"],
      "--json": AGENT["--json"],
    },
  },
};
