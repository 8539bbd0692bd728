import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import type { ListedVariant } from "./own-bank.ts";

/**
 * Leaves one visible and one held-out scenario of each task of a bank. A grading starts a process for every
 * scenario: for specs that are not about grading two are enough.
 */
export function shortenBank(bank: string): void {
  for (const task of readdirSync(bank)) shorten(path.join(bank, task));
}

function shorten(task: string): void {
  const features = ["feature.feature", path.join("acceptance", "held-out.feature")];
  const kept = features.map((name) => keepFirstScenario(path.join(task, name)));
  const file = path.join(task, "variants", "variants.yaml");
  const { variants }: { variants: ListedVariant[] } = parse(readFileSync(file, "utf8"));
  const left = variants
    .map((one) => ({ ...one, fails: one.fails.filter((name) => kept.includes(name)) }))
    .filter(({ fails }) => fails.length > 0);
  writeFileSync(file, stringify({ variants: left }));
}

/** Returns the name of the scenario that is left. */
function keepFirstScenario(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const first = lines.findIndex((line) => line.trim().startsWith("Scenario: "));
  const next = lines.findIndex((line, at) => at > first && /^ *(?:Scenario|Rule): /u.test(line));
  writeFileSync(file, `${lines.slice(0, next).join("\n").trimEnd()}\n`);
  return lines[first]?.replace(/^ *Scenario: /u, "") ?? "";
}
