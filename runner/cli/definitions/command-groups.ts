import { watch, worker } from "./cluster-commands.ts";
import type { CommandDefinition } from "./definition.ts";
import {
  backlog,
  compare,
  gate,
  init,
  plan,
  preview,
  report,
  run,
  view,
} from "./experiment-commands.ts";
import { ledger } from "./ledger-commands.ts";
import {
  aliases,
  audit,
  churn,
  complete,
  ingest,
  override,
  proxy,
  reconcile,
  snapshot,
  undo,
  window,
} from "./manual-commands.ts";
import { checkpoint, schedule } from "./schedule-commands.ts";
import { task } from "./task-commands.ts";
import { handoff, workflow } from "./team-commands.ts";
import { analyze, clean, completion, doctor, prices, regrade, simulate } from "./tool-commands.ts";

interface CommandGroup {
  readonly heading: string;
  readonly commands: readonly CommandDefinition[];
}

/** Every command, in the order in which help and reference list them. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  { heading: "Start", commands: [init, plan] },
  { heading: "Run", commands: [run, worker] },
  { heading: "Look", commands: [report, view, preview, watch, compare, gate, backlog] },
  {
    heading: "Measure manual windows",
    commands: [
      proxy,
      window,
      snapshot,
      ingest,
      reconcile,
      override,
      complete,
      churn,
      undo,
      audit,
      aliases,
      schedule,
      checkpoint,
    ],
  },
  { heading: "Ledger", commands: [ledger] },
  {
    heading: "Tools",
    commands: [
      task,
      workflow,
      handoff,
      regrade,
      prices,
      analyze,
      simulate,
      clean,
      doctor,
      completion,
    ],
  },
];
