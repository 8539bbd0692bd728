import type { EffectTable } from "./effect.ts";

const OTHER_DATA = "--data-dir elsewhere";
const JSON_SHOWN = "--json";

/** Commands that show or check what the ledger holds, and tools. */
export const LOOK_EFFECTS: EffectTable = {
  init: {
    folder: "files",
    base: "--config new.yaml",
    options: { "--config": "--config another.yaml", "--yes": "--yes" },
  },
  compare: {
    folder: "worked",
    base: "--baseline first --candidate second",
    options: {
      "--baseline": "--baseline other",
      "--candidate": "--candidate other",
      "--telemetry": "--telemetry telemetry.jsonl",
      "--experiment": "--experiment unknown",
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
    },
  },
  view: {
    options: {
      "--experiment": "--experiment unknown",
      "--port": "--port {port}",
      "--open": "--open",
      "--config": "--config unknown.yaml",
      "--data-dir": OTHER_DATA,
    },
  },
  report: {
    options: {
      "--format": "--format csv",
      "--out": { base: "--format markdown", add: "--out page" },
      "--config": "--config unknown.yaml",
      "--without-code": {
        folder: "worked",
        base: "--format html --out page",
        add: "--without-code",
      },
      "--experiment": "--experiment manual",
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
    },
  },
  preview: {
    options: {
      "--window": "--window W0-01",
      "--explain": "--explain cost",
      "--config": "--config unknown.yaml",
      "--experiment": "--experiment manual",
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
    },
  },
  gate: {
    options: {
      "--experiment": "--experiment manual",
      "--config": "--config gated.yaml",
      "--gates": "--gates gates.yaml",
      "--policy": "--policy literal",
      "--allow-amended": { base: "--gates gates.yaml", add: "--allow-amended" },
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
      "--junit": "--junit gate.xml",
    },
  },
  "backlog ready": {
    folder: "manual",
    base: "page",
    options: { "--data-dir": OTHER_DATA, "--json": JSON_SHOWN },
  },
  "backlog block": {
    folder: "manual",
    base: "page --by docs",
    options: { "--by": "--by tooling", "--data-dir": OTHER_DATA, "--json": JSON_SHOWN },
  },
  "backlog unblock": {
    folder: "manual",
    base: "search",
    options: { "--by": "--by docs", "--data-dir": OTHER_DATA, "--json": JSON_SHOWN },
  },
  "backlog list": {
    folder: "manual",
    options: { "--data-dir": OTHER_DATA, "--json": JSON_SHOWN },
  },
  "ledger verify": {
    options: {
      "--full": "--full",
      "--from-checkpoint": "--from-checkpoint",
      "--anchor": "--anchor windows.json",
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
    },
  },
  "ledger checkpoint": { options: { "--data-dir": OTHER_DATA, "--json": JSON_SHOWN } },
  "ledger export": {
    folder: "manual",
    base: "--to jsonl --out copy",
    options: {
      "--to": "--to csv",
      "--out": "--out other",
      "--data-dir": OTHER_DATA,
      "--json": JSON_SHOWN,
    },
  },
  "ledger import": {
    folder: "manual",
    base: ".experiment --data-dir copied",
    options: {
      "--data-dir": { base: ".experiment", add: "--data-dir elsewhere", isRefused: true },
      "--json": JSON_SHOWN,
    },
  },
  "ledger query": {
    folder: "manual",
    base: "SELECT\\ feature_id\\ FROM\\ window_finalized",
    options: { "--data-dir": OTHER_DATA, "--json": JSON_SHOWN },
  },
  "task list": {
    folder: "files",
    options: {
      // The tasks of both banks have the same names.
      "--bank": { base: "--json", add: "--bank {bank}" },
      "--config": { base: "--json", add: "--config banked.yaml" },
      "--json": JSON_SHOWN,
    },
  },
  "prices list": {
    folder: "files",
    options: {
      "--model": "--model glm-*",
      "--config": "--config priced.yaml",
      "--json": JSON_SHOWN,
    },
  },
  "prices refresh": {
    folder: "files",
    base: "--from litellm.json --out prices.yaml",
    options: {
      "--from": "--from other-litellm.json",
      "--out": "--out prices.json",
      "--as-of": "--as-of 2024-02-03",
      "--json": JSON_SHOWN,
    },
  },
  analyze: {
    folder: "files",
    base: "windows.json --baseline claude",
    options: {
      "--baseline": "--baseline glm",
      "--seed": "--seed 2",
      "--gates": "--gates gates.yaml",
      "--policy": "--policy literal",
      "--json": JSON_SHOWN,
    },
  },
  simulate: {
    folder: "files",
    base: "--cell coverage-4 --experiments 20",
    options: {
      "--seed": "--seed 2",
      "--experiments": "--experiments 30",
      "--cell": "--cell coverage-6",
      "--json": JSON_SHOWN,
    },
  },
  clean: {
    folder: "worked",
    varies: true,
    options: {
      "--experiment": "--experiment {first}",
      "--data-dir": OTHER_DATA,
      "--dry-run": "--dry-run",
    },
  },
};
