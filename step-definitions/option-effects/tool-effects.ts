import { type EffectTable, NO_STORE } from "./effect.ts";

/** A commit that is read and then left out, since the bank has such a task. */
const TAKEN = "--repo {project} --commit HEAD --bank taken --id one";
/** Commits without such tests. */
const UNTESTED = "--repo {project} --tests *.check.js";

/** Tools that grade work or try the machine. */
export const TOOL_EFFECTS: EffectTable = {
  "task import": {
    folder: "files",
    base: TAKEN,
    options: {
      "--repo": "--repo nowhere",
      "--path": "--path nowhere",
      "--commit": "--commit HEAD~1",
      "--since": { base: UNTESTED, add: "--since 2039-01-01" },
      "--limit": { base: UNTESTED, add: "--limit 1" },
      "--tests": "--tests *.check.js",
      "--id": "--id two",
      "--statement": {
        base: "--repo {project} --commit HEAD~1 --bank taken --id one",
        add: "--statement statement.txt",
      },
      "--bank": { base: UNTESTED, add: "--bank another" },
      "--json": "--json",
    },
  },
  "task new": {
    folder: "files",
    base: "word-count --from gherkin",
    options: { "--from": "--from command", "--bank": "--bank another" },
  },
  "task show": {
    folder: "files",
    base: "lru-cache --json",
    options: {
      "--bank": "--bank {bank}",
      "--config": "--config banked.yaml",
      "--json": { base: "lru-cache", add: "--json" },
    },
  },
  "task check": {
    folder: "files",
    base: "lru-cache --bank {bank}",
    varies: true,
    options: {
      "--mutants": "--mutants",
      "--attack": "--attack",
      "--all": "--all",
      "--changed": { base: "lru-cache --bank proven", add: "--changed" },
      "--seed": { base: "--bank proven --changed", add: "--seed 1" },
      "--bank": "--bank nowhere",
      // The refusal names the bank's tasks, which differ between configurations.
      "--config": {
        base: "no-such-task --config banked.yaml",
        add: "--config experiment.yaml",
        isRefused: true,
      },
      "--json": "--json",
    },
  },
  "handoff check": {
    folder: "files",
    base: "plan.md",
    options: { "--json": "--json", "--after": "--after review.md" },
  },
  "workflow check": { folder: "files", base: "team", options: { "--json": "--json" } },
  regrade: {
    folder: "worked",
    base: "--window W0-01",
    varies: true,
    options: {
      "--window": "--window W0-02",
      "--times": "--times 2",
      "--experiment": "--experiment {first}",
      "--data-dir": "--data-dir elsewhere",
      "--bank": "--bank {bank}",
      "--config": "--config banked.yaml",
      "--json": "--json",
    },
  },
  doctor: {
    folder: "files",
    varies: true,
    options: {
      "--isolation": "--isolation",
      "--store": NO_STORE,
      "--workers": { base: NO_STORE, add: "--workers none" },
      "--json": { base: "--isolation", add: "--json" },
    },
  },
};
