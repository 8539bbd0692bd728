import { z } from "zod";

import { canonicalJson, canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../config/errors.ts";
import { drawUnits } from "./draw-units.ts";
import { describeAssignment, describeQuestion } from "./make-plan.ts";
import { planWindows } from "./plan-windows.ts";
import type { Plan, PlannedUnit } from "./plan.ts";

/** What of a frozen plan has to be known to add tasks to it. */
const Frozen = z.looseObject({
  experiment_id: z.string(),
  /** Counted from 1; absent in the first. */
  cohort: z.int().positive().default(1),
  tasks: z.array(z.looseObject({ id: z.string() })),
  assignments: z.array(
    z.object({
      feature_id: z.string(),
      replicate: z.int().positive(),
      stratum: z.string(),
      block: z.int().positive(),
      sequence: z.string(),
      providers: z.array(z.string()),
      windows: z.array(z.string()),
      hours: z.enum(["peak", "off-peak"]).optional(),
      cohort: z.int().positive().optional(),
    }),
  ),
});
type Frozen = z.infer<typeof Frozen>;

/**
 * A registered plan with the tasks of the bank that it does not have yet: a new registration cohort,
 * drawn from streams of its own and scheduled behind, so that nothing already assigned changes.
 * Without a new task it is the registered plan.
 * @param registration the latest registration of the experiment.
 * @throws ConfigurationError where anything but added tasks differs from what was registered.
 */
export function extendPlan(
  registration: unknown,
  configuration: Configuration,
  tasks: readonly Task[],
): Plan {
  const frozen = Frozen.parse(registration);
  const question = describeQuestion(configuration, tasks);
  refuseOtherQuestion(frozen, question);
  const known = new Set(frozen.tasks.map(({ id }) => id));
  const added = tasks.filter(({ id }) => !known.has(id));
  const earlier = frozen.assignments.map(plannedUnit);
  if (added.length === 0) return planOf(frozen, earlier);
  const cohort = frozen.cohort + 1;
  const units = [...earlier, ...drawUnits(configuration, added, { cohort, earlier })];
  return planOf(
    {
      experiment_id: frozen.experiment_id,
      ...question,
      cohort,
      assignments: units.map(describeAssignment),
    },
    units,
  );
}

function planOf(registration: Plan["registration"] | Frozen, units: readonly PlannedUnit[]): Plan {
  const { name, seed, baseline, scripted } = Named.parse(registration);
  return {
    experimentId: z.string().parse(registration["experiment_id"]),
    registration: { ...registration, name, seed, baseline, scripted },
    sha256: canonicalSha256(registration),
    units,
  };
}

const Named = z.looseObject({
  name: z.string(),
  seed: z.string(),
  baseline: z.string(),
  scripted: z.boolean(),
});

function plannedUnit(assignment: Frozen["assignments"][number]): PlannedUnit {
  const { feature_id: featureId, replicate, stratum, block, sequence, hours, cohort } = assignment;
  const windows = planWindows(assignment);
  const kind = hours === undefined ? {} : { hours };
  const later = cohort === undefined ? {} : { cohort };
  return { featureId, replicate, stratum, block, sequence, ...kind, ...later, windows };
}

/** Adding a task is the one change of the question that keeps what was measured comparable. */
function refuseOtherQuestion(frozen: Frozen, question: Readonly<Record<string, unknown>>): void {
  const { tasks: _, ...rest } = question;
  const other = Object.keys(rest).filter(
    (part) => canonicalJson(rest[part] ?? null) !== canonicalJson(frozen[part] ?? null),
  );
  const now = new Map(describedTasks(question).map((task) => [task.id, canonicalJson(task)]));
  const changed = frozen.tasks.filter((task) => now.get(task.id) !== canonicalJson(task));
  if (other.length + changed.length === 0) return;
  const parts = [...other, ...changed.map(({ id }) => `the task ${id}`)].join(", ");
  throw new ConfigurationError(
    `--extend ${frozen.experiment_id}: expected the registered question with tasks added to it, got another one: ${parts} changed. Put it back as it was, or leave --extend out and begin another experiment.`,
  );
}

function describedTasks(question: Readonly<Record<string, unknown>>): Frozen["tasks"] {
  return Frozen.shape.tasks.parse(question["tasks"]);
}
