import { chmodSync, readdirSync } from "node:fs";
import path from "node:path";

import type { ScriptedModel } from "../../runner/rehearsal/scripted-model.ts";
import type { CommandEnd } from "./command-run.ts";
import {
  experimentFile,
  type ExperimentParts,
  KEY_VARIABLE,
  PROVIDER_KEY,
} from "./experiment-file.ts";
import type { HarnessProcess } from "./harness-process.ts";
import type { ExperimentWorld } from "./world.ts";

/** What a scenario about agents has set up. */
export interface Lab {
  /** Address of the scenario's own model server. */
  serverUrl?: string;
  /** The server itself, where it keeps count. */
  server?: ScriptedModel;
  harness?: HarnessProcess;
  /** The ledger's files as they were before the last command. */
  ledgerBefore?: Readonly<Record<string, string>>;
  /** Bytes of a write that a kill tore. */
  tornBytes?: string;
  refusals?: readonly Refusal[];
  /** How commands ended that ran at once. */
  ends?: readonly CommandEnd[];
  /** The window that the scenario looks at. */
  window?: string;
}

/** What a command did about one flipped bit. */
export interface Refusal {
  readonly command: string;
  readonly name: string;
  readonly bit: number;
  readonly exitCode: number;
  readonly isUnchanged: boolean;
}

const labs = new WeakMap<ExperimentWorld, Lab>();

export function labOf(world: ExperimentWorld): Lab {
  const lab = labs.get(world) ?? {};
  labs.set(world, lab);
  return lab;
}

/** Writes the scenario's `experiment.yaml`; everything the run makes stays in the scenario's folder. */
export function writeExperiment(world: ExperimentWorld, parts: ExperimentParts): void {
  const { serverUrl } = labOf(world);
  world.variables["TMPDIR"] = world.file("tmp");
  world.write("tmp/.keep", "");
  world.variables[KEY_VARIABLE] = PROVIDER_KEY;
  const server = serverUrl === undefined ? {} : { serverUrl };
  world.write("experiment.yaml", experimentFile({ ...server, ...parts }));
}

/** Puts a program first on the scenario's PATH. */
export function putOnPath(world: ExperimentWorld, name: string, script: string): void {
  const file = path.join("bin", name);
  world.write(file, script);
  chmodSync(world.file(file), 0o755);
  const before = world.variables["PATH"] ?? "";
  world.variables["PATH"] = [world.file("bin"), before].join(path.delimiter);
}

/** The run in a process of its own that the scenario started. */
export function harnessOf(world: ExperimentWorld): HarnessProcess {
  const { harness } = labOf(world);
  if (harness === undefined) throw new Error("No run has been started in this scenario.");
  return harness;
}

/** Remembers the ledger's rows, to be compared with later. */
export function keepLedger(world: ExperimentWorld): void {
  labOf(world).ledgerBefore = ledgerText(world);
}

/** The ledger's files of rows, by name. */
export function ledgerText(world: ExperimentWorld): Readonly<Record<string, string>> {
  const folder = path.join(".experiment", "ledger");
  const names = readdirSync(world.file(folder)).filter((name) => name.endsWith(".jsonl"));
  return Object.fromEntries(names.map((name) => [name, world.read(path.join(folder, name))]));
}
