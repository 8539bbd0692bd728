import assert from "node:assert/strict";

import { defineParameterType } from "@cucumber/cucumber";

import { startCommand } from "./command-run.ts";
import { finalOfOrder } from "./ledger-windows.ts";
import { reportText } from "./report-files.ts";
import type { ExperimentWorld } from "./world.ts";

/** A text that scenarios look into. */
export type Text = (world: ExperimentWorld) => Promise<string> | string;

defineParameterType({
  name: "text",
  regexp: [
    /the (preview|report|experiment file|output)/u,
    /the capture of the (first) window/u,
    /the file "([^"]+)"/u,
    /the (audit|reconciliation) of "([^"]+)"/u,
    /"experiment ([^"]+)"/u,
  ],
  transformer: chooseText,
});

const TEXTS: Readonly<Record<string, Text>> = {
  preview: async (world) => await printedBy(world, ["preview"]),
  report: (world) => reportText(world),
  "experiment file": (world) => world.read("experiment.yaml"),
  output: ({ last }) => last.stdout,
};

const COMMANDS: Readonly<Record<string, string>> = { audit: "audit", reconciliation: "reconcile" };

function chooseText(...said: readonly (string | null | undefined)[]): Text {
  const [name, isCapture, file, kind, window, line] = said;
  if (typeof name === "string") return TEXTS[name] ?? (() => "");
  if (typeof isCapture === "string") return captureOfFirst;
  if (typeof file === "string") return (world) => world.read(file);
  if (typeof kind === "string") {
    const command = COMMANDS[kind] ?? kind;
    return async (world) => await printedBy(world, [command, "--window", window ?? ""]);
  }
  return async (world) => await printedBy(world, (line ?? "").split(" "));
}

function captureOfFirst(world: ExperimentWorld): string {
  const { experiment_id: id, window, attempt } = finalOfOrder(world, 1);
  return world.read(`.experiment/captures/${id}/${window}-${String(attempt)}.jsonl`);
}

/** What a command prints, without taking the place of the last command. */
async function printedBy(world: ExperimentWorld, args: readonly string[]): Promise<string> {
  const { folder: cwd, variables, clock } = world;
  const { exitCode, stdout, stderr } = await startCommand(args, { cwd, variables, clock }).ended;
  world.isExitCodeSeen = true;
  assert.equal(exitCode, 0, stderr);
  return stdout;
}
