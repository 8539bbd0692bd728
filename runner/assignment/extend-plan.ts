import { z } from "zod";

import { canonicalJson, canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { drawSets } from "./draw-sets.ts";
import { describeAssignment, describeQuestion } from "./make-plan.ts";
import { type MatchedSet, type Plan, planWindows } from "./plan.ts";

/** The parts of a frozen plan that adding tasks needs. */
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
 * Adds the bank's new tasks to a registered plan, as a new registration cohort. The cohort is drawn from
 * its own streams and scheduled last, so that existing assignments do not change. Without a new task the
 * plan stays as registered.
 * @param registration the latest registration of the experiment.
 * @throws ConfigurationError if anything but added tasks differs from the registration.
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
  const earlier = frozen.assignments.map(plannedSet);
  if (added.length === 0) return planOf(frozen, earlier);
  const cohort = frozen.cohort + 1;
  const sets = [...earlier, ...drawSets(configuration, added, { cohort, earlier })];
  return planOf(
    {
      experiment_id: frozen.experiment_id,
      ...question,
      cohort,
      assignments: sets.map(describeAssignment),
    },
    sets,
  );
}

function planOf(registration: Plan["registration"] | Frozen, sets: readonly MatchedSet[]): Plan {
  const { name, seed, baseline, scripted } = Named.parse(registration);
  return {
    experimentId: z.string().parse(registration["experiment_id"]),
    registration: { ...registration, name, seed, baseline, scripted },
    sha256: canonicalSha256(registration),
    sets,
  };
}

const Named = z.looseObject({
  name: z.string(),
  seed: z.string(),
  baseline: z.string(),
  scripted: z.boolean(),
});

function plannedSet(assignment: Frozen["assignments"][number]): MatchedSet {
  const { feature_id: featureId, replicate, stratum, block, sequence, hours, cohort } = assignment;
  const windows = planWindows(assignment);
  const kind = hours === undefined ? {} : { hours };
  const later = cohort === undefined ? {} : { cohort };
  return { featureId, replicate, stratum, block, sequence, ...kind, ...later, windows };
}

/** Only added tasks keep the measured windows comparable. Every other change of the question is refused. */
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
    `--extend ${frozen.experiment_id}: expected the registered question with tasks added to it, got another one: ${parts} changed. Undo the change, or leave --extend out and start a new experiment.`,
  );
}

function describedTasks(question: Readonly<Record<string, unknown>>): Frozen["tasks"] {
  return Frozen.shape.tasks.parse(question["tasks"]);
}
