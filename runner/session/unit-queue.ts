import type { PlannedUnit } from "../assignment/plan.ts";

/**
 * The units that are still to be worked, in the order of the schedule. A unit that may not be worked
 * at the moment lets others go first; the order of those that wait for the same stays as drawn.
 */
export class UnitQueue {
  readonly #units: PlannedUnit[];
  readonly #place: ReadonlyMap<PlannedUnit, number>;

  constructor(units: readonly PlannedUnit[]) {
    this.#units = [...units];
    this.#place = new Map(units.map((unit, index) => [unit, index]));
  }

  /** The first of the units that wait; undefined where none is left. */
  get first(): PlannedUnit | undefined {
    return this.#units[0];
  }

  /** Takes out the first unit that may be worked. */
  take(mayWork: (unit: PlannedUnit) => boolean): PlannedUnit | undefined {
    const index = this.#units.findIndex(mayWork);
    return index === -1 ? undefined : this.#units.splice(index, 1)[0];
  }

  /** Puts a unit that could not be worked to its end back into its place. */
  putBack(unit: PlannedUnit): void {
    const place = this.#place.get(unit) ?? 0;
    const index = this.#units.findIndex((other) => (this.#place.get(other) ?? 0) > place);
    this.#units.splice(index === -1 ? this.#units.length : index, 0, unit);
  }

  /** Takes out the units before the first for which something is left to do. */
  drop(isDone: (unit: PlannedUnit) => boolean): void {
    const index = this.#units.findIndex((unit) => !isDone(unit));
    this.#units.splice(0, index === -1 ? this.#units.length : index);
  }
}
