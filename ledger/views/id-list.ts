/** The length of the ids that we make ourselves. */
const UUID_CHARS = 36;

/** Ids in the order in which they were added, in one text as long as all are UUIDs. */
export type IdListState = string | readonly string[];

/** A list of ids that others may continue. A hundred thousand of them are one text until then. */
export class IdList {
  readonly #text: string;
  readonly #added: string[];
  readonly #before: number;

  constructor(state: IdListState = "") {
    this.#text = typeof state === "string" ? state : "";
    this.#added = typeof state === "string" ? [] : [...state];
    this.#before = this.#text.length / UUID_CHARS;
  }

  get length(): number {
    return this.#before + this.#added.length;
  }

  get state(): IdListState {
    const isUniform = this.#added.every((id) => id.length === UUID_CHARS && isLatin(id));
    return isUniform ? this.#text + this.#added.join("") : [...this];
  }

  /** Returns the place of the id, from 0. */
  add(id: string): number {
    return this.#before + this.#added.push(id) - 1;
  }

  at(place: number): string | undefined {
    if (place >= this.#before) return this.#added[place - this.#before];
    return this.#text.slice(place * UUID_CHARS, (place + 1) * UUID_CHARS);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let place = 0; place < this.length; place += 1) yield this.at(place) ?? "";
  }
}

/** Other characters would make the whole text twice as large. */
function isLatin(id: string): boolean {
  return /^[\x20-\x7e]*$/u.test(id);
}
