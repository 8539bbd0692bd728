const EVENT_OVERHEAD_CHARACTERS = 90;
const CHARACTERS_PER_TOKEN = 4;

/** Counts what a stream has shown of its output, for the case that it is cut before it says so. */
export class OutputEstimate {
  #characters = 0;

  add(eventData: string): void {
    this.#characters += Math.max(1, eventData.length - EVENT_OVERHEAD_CHARACTERS);
  }

  tokens(): number {
    return Math.ceil(this.#characters / CHARACTERS_PER_TOKEN);
  }
}
