import { defineParameterType } from "@cucumber/cucumber";

import { startCommand } from "./command-run.ts";
import { finalOfOrder } from "./ledger-windows.ts";
import { reportText } from "./report-files.ts";
import type { ExperimentWorld } from "./world.ts";

/** A text that scenarios look into. */
export type Text = (world: ExperimentWorld) => Promise<string> | string;

type Named = (world: ExperimentWorld, name: string) => ReturnType<Text>;

/** What a scenario calls a text by, and the text that has the name in quotation marks. */
const TEXTS: readonly (readonly [RegExp, Named])[] = [
  [/it|the output/u, ({ last }) => last.stdout],
  [/the message/u, ({ last, folder }) => last.stderr.replaceAll(folder, "FOLDER")],
  [/the preview/u, async (world) => await printedBy(world, ["preview"])],
  [/the report/u, (world) => reportText(world)],
  [/the experiment file/u, (world) => world.read("experiment.yaml")],
  [/the capture of the first window/u, captureOfFirst],
  [/the file "[^"]+"/u, (world, name) => world.read(name)],
  [
    /the audit of "[^"]+"/u,
    async (world, window) => await printedBy(world, ["audit", "--window", window]),
  ],
  [
    /the reconciliation of "[^"]+"/u,
    async (world, window) => await printedBy(world, ["reconcile", "--window", window]),
  ],
  [/"experiment [^"]+"/u, async (world, line) => await printedBy(world, line.split(" ").slice(1))],
];

defineParameterType({
  name: "text",
  regexp: TEXTS.map(([pattern]) => pattern),
  transformer: chooseText,
});

/** Whether a text has what follows. */
defineParameterType({
  name: "says",
  regexp: /says|prints|holds|does not say|does not print|does not hold/u,
  transformer: (verb: string) => !verb.startsWith("does not"),
});

function chooseText(said: string): Text {
  const [, name = ""] = /"([^"]+)"/u.exec(said) ?? [];
  const [, text] =
    TEXTS.find(([{ source }]) => new RegExp(`^(?:${source})$`, "u").test(said)) ?? [];
  return (world) => text?.(world, name) ?? "";
}

function captureOfFirst(world: ExperimentWorld): string {
  const { experiment_id: id, window, attempt } = finalOfOrder(world, 1);
  return world.read(`.experiment/captures/${id}/${window}-${String(attempt)}.jsonl`);
}

/** What a command prints, without taking the place of the last command. */
export async function printedBy(world: ExperimentWorld, args: readonly string[]): Promise<string> {
  const { folder: cwd, variables, clock } = world;
  const { stdout } = await startCommand(args, { cwd, variables, clock }).ended;
  world.isExitCodeSeen = true;
  return stdout;
}
