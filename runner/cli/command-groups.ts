import { aliases } from "./commands/aliases/definition.ts";
import { analyze } from "./commands/analyze/definition.ts";
import { audit } from "./commands/audit/definition.ts";
import { backlog } from "./commands/backlog/definition.ts";
import { checkpoint } from "./commands/checkpoint/definition.ts";
import { churn } from "./commands/churn/definition.ts";
import { clean } from "./commands/clean/definition.ts";
import { compare } from "./commands/compare/definition.ts";
import { complete } from "./commands/complete/definition.ts";
import { completion } from "./commands/completion/definition.ts";
import { doctor } from "./commands/doctor/definition.ts";
import { gate } from "./commands/gate/definition.ts";
import { handoff } from "./commands/handoff/definition.ts";
import { ingest } from "./commands/ingest/definition.ts";
import { init } from "./commands/init/definition.ts";
import { ledger } from "./commands/ledger/definition.ts";
import { override } from "./commands/override/definition.ts";
import { plan } from "./commands/plan/definition.ts";
import { preview } from "./commands/preview/definition.ts";
import { prices } from "./commands/prices/definition.ts";
import { proxy } from "./commands/proxy/definition.ts";
import { reconcile } from "./commands/reconcile/definition.ts";
import { regrade } from "./commands/regrade/definition.ts";
import { report } from "./commands/report/definition.ts";
import { run } from "./commands/run/definition.ts";
import { schedule } from "./commands/schedule/definition.ts";
import { simulate } from "./commands/simulate/definition.ts";
import { snapshot } from "./commands/snapshot/definition.ts";
import { task } from "./commands/task/definition.ts";
import { undo } from "./commands/undo/definition.ts";
import { view } from "./commands/view/definition.ts";
import { watch } from "./commands/watch/definition.ts";
import { window } from "./commands/window/definition.ts";
import { worker } from "./commands/worker/definition.ts";
import { workflow } from "./commands/workflow/definition.ts";
import type { CommandGroup } from "./definition.ts";

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
