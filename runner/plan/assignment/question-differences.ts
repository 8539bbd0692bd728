import { isDeepStrictEqual } from "node:util";

import { z } from "zod";

import { canonicalJson } from "../../../ledger/domain/canonical-json.ts";

/** A field of a question that was registered with one value and has another one now; undefined if it is absent. */
export interface Difference {
  /** Its place, e.g. `providers.small.model`, or `digest of the task lru-cache`. */
  readonly field: string;
  readonly registered: unknown;
  readonly now: unknown;
}

const TASK = "the task ";

const Question = z.looseObject({ tasks: z.array(z.looseObject({ id: z.string() })) });
type Question = z.infer<typeof Question>;

/** The fields in which a question differs from a registered one. Both come from the same JSON and the same schema. */
export function differencesOf(registered: unknown, question: unknown): readonly Difference[] {
  const [before, now] = [readQuestion(registered), readQuestion(question)];
  return [
    ...compare([], before.rest, now.rest).map(({ path, ...values }) => ({
      field: path.join("."),
      ...values,
    })),
    ...compare([], byName(before.tasks), byName(now.tasks)).map(({ path, ...values }) => ({
      field: fieldOfTask(path),
      ...values,
    })),
  ];
}

/** Whether a difference is no more than a task that the registered question lacks. */
export function isAddedTask({ field, registered }: Difference): boolean {
  return registered === undefined && field.startsWith(TASK);
}

function readQuestion(value: unknown) {
  const question: Question = Question.parse(JSON.parse(canonicalJson(value)));
  // The draw follows from the rest, and later cohorts add to it.
  const { experiment_id: _id, cohort: _cohort, assignments: _drawn, tasks, ...rest } = question;
  return { tasks, rest };
}

function fieldOfTask([id = "", ...rest]: readonly string[]): string {
  const task = `${TASK}${id}`;
  return rest.length === 0 ? task : `${rest.join(".")} of ${task}`;
}

type Compared = Pick<Difference, "registered" | "now"> & { readonly path: readonly string[] };

function compare(path: readonly string[], registered: unknown, now: unknown): readonly Compared[] {
  if (isDeepStrictEqual(registered, now)) return [];
  const [before, after] = [byName(registered), byName(now)];
  if (before === undefined || after === undefined) return [{ path, registered, now }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const inside = [...names].flatMap((name) => compare([...path, name], before[name], after[name]));
  // Without a difference inside, a list has the same entries in another order.
  return inside.length > 0 ? inside : [{ path, registered, now }];
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object, or the entries of a list by their ids or names; undefined for any other value. */
function byName(value: unknown): Fields | undefined {
  if (!Array.isArray(value)) return isFields(value) ? value : undefined;
  const named = new Map(value.map((one: unknown) => [nameIn(one), one]));
  if (named.has(undefined) || named.size < value.length) return undefined;
  return Object.fromEntries([...named].map(([name, one]) => [String(name), one]));
}

function nameIn(value: unknown): unknown {
  return isFields(value) ? (value["id"] ?? value["name"]) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
