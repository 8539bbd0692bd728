const EVENT_OVERHEAD_CHARACTERS = 90;
const CHARACTERS_PER_TOKEN = 4;

/** Counts what a stream has shown of its output, for the case that it is cut before it says so. */
export class OutputEstimate {
  #characters = 0;

  /** `length` of an event's data, in characters or bytes: the estimate is rough enough for either. */
  add(length: number): void {
    this.#characters += Math.max(1, length - EVENT_OVERHEAD_CHARACTERS);
  }

  tokens(): number {
    return Math.ceil(this.#characters / CHARACTERS_PER_TOKEN);
  }
}
