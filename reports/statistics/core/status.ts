/**
 * How much the data support an analysis.
 *
 * `invalid_input`: nothing computed, a value is impossible. `no_data`: no complete pair.
 * `one_sequence`: all pairs AB or all BA, so effect and period can't be separated.
 * `insufficient`: a point estimate at most. `zero_variance`: the values do not vary at all.
 */
export type AnalysisStatus =
  | "invalid_input"
  | "no_data"
  | "one_sequence"
  | "insufficient"
  | "zero_variance"
  | "ok";

/** Results by name; `null`: not available. */
export type Possible<Name extends string, Value> = Readonly<Record<Name, Value | null>>;
export type Figures<Name extends string> = Possible<Name, number>;

/** An object whose named fields are all null: the figures that the data do not support. */
export function noneOf<const Name extends string>(
  ...names: readonly Name[]
): Readonly<Record<Name, null>> {
  // TypeScript does not infer the names of the entries.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(names.map((name) => [name, null])) as Record<Name, null>;
}
