/** A copy of a text: one that was cut out of a line would keep the whole line. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** Numbers for texts of which there are few: backends, commands. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const own = ownText(text);
    this.#numbers.set(own, this.#texts.length);
    return this.#texts.push(own) - 1;
  }

  textOf(number: number): string {
    return this.#texts[number] ?? "";
  }
}
