/** Takes the next value of a list in, and says what the list up to it gives. */
export type Step<Value, Result> = (value: Value) => Result;

/**
 * The results of every prefix of a list. A list that begins with the values of the last one only takes the new values
 * in; for another one everything starts again. The results are the same either way.
 *
 * @example
 * new GrowingResults(runningSum).of([1, 2]); // 1, 3
 */
export class GrowingResults<Value, Result> {
  readonly #start: () => Step<Value, Result>;
  readonly #isSame: (one: Value, other: Value) => boolean;
  #step: Step<Value, Result>;
  #values: Value[] = [];
  #results: Result[] = [];

  /** @param start - Begins with an empty list. */
  constructor(
    start: () => Step<Value, Result>,
    isSame: (one: Value, other: Value) => boolean = Object.is,
  ) {
    this.#start = start;
    this.#isSame = isSame;
    this.#step = start();
  }

  of(values: readonly Value[]): readonly Result[] {
    const begun = values.slice(0, this.#values.length);
    const isKnown = (value: Value, index: number): boolean => {
      const known = this.#values[index];
      return known !== undefined && this.#isSame(value, known);
    };
    if (begun.length < this.#values.length || !begun.every(isKnown)) {
      this.#step = this.#start();
      this.#values = [];
      this.#results = [];
    }
    for (const value of values.slice(this.#values.length)) {
      this.#values.push(value);
      this.#results.push(this.#step(value));
    }
    return [...this.#results];
  }
}
