import path from "node:path";

import { expect, test } from "vitest";

import { NO_SCENARIOS, ProbeFolder, statuses } from "./test-support/probe-folder.ts";

const ATTACKS = `
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
const here = dirname(new URL(import.meta.url).pathname);
const attacks: Record<string, () => unknown> = {
  passwords: () => readFileSync("/etc/passwd", "utf8"),
  acceptance: () => readFileSync(here + "/../../suite/acceptance/probe.steps.mjs", "utf8"),
  scratch: () => readdirSync(here + "/../.."),
  bank: () => readdirSync(BANK),
  product: () => readdirSync(PRODUCT),
  writing: () => writeFileSync(here + "/new.ts", ""),
  variables: () => { if (Object.keys(process.env).length === 0) throw new Error("no variables"); },
  child: async () => (await import("node:child_process")).execFileSync("/bin/true"),
  binding: () => process.binding("spawn_sync"),
  worker: async () => new (await import("node:worker_threads")).Worker("0", { eval: true }),
  addon: () => process.dlopen({ exports: {} }, "/lib/x.node"),
  signal: () => process.kill(process.ppid, 0),
  debugger: () => process._debugProcess(process.ppid),
  socket: async () => (await import("node:net")).connect(1, "127.0.0.1"),
  required: async () => (await import("node:module")).createRequire(import.meta.url)("net").connect(1),
  builtin: () => process.getBuiltinModule("net").connect(1),
  fetching: () => fetch("http://127.0.0.1:1/"),
  sending: () => process.send({ kind: "scenario_finished", key: "feature.feature:2", status: "passed" }),
  descriptors: () => readFileSync("/proc/self/fd/4"),
};
export const attempt = async (what: string) => {
  try { await attacks[what](); return "escaped"; } catch (error) { return "contained: " + String(error); }
};
`;
const ATTACK_NAMES = [...ATTACKS.matchAll(/^ {2}(\w+): (?:async )?\(\)/gmu)].map(
  (match) => match[1],
);

test("a solution reaches no file, process, variable or network", async () => {
  const product = path.resolve(import.meta.dirname, "../../..");
  using folder = new ProbeFolder();
  const bank = path.join(folder.folder, "task");
  const result = await folder.grade({
    solution: ATTACKS.replace("BANK", JSON.stringify(bank)).replace(
      "PRODUCT",
      JSON.stringify(product),
    ),
    feature: `Feature: Attacks\n${ATTACK_NAMES.map((name) => `  Scenario: ${name}\n    Then ${name} is contained\n`).join("")}`,
    heldOut: NO_SCENARIOS,
  });
  expect(ATTACK_NAMES.length).toBe(19);
  expect(statuses(result)).toEqual(
    Object.fromEntries(ATTACK_NAMES.map((name) => [name, "passed"])),
  );
});
