export class LruCache {
  readonly #capacity: number;
  #entries: Record<string, unknown> = {};

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A cache needs room for at least one entry, got ${capacity}.`);
    }
    this.#capacity = capacity;
  }

  get(key: string): unknown {
    if (!(key in this.#entries)) return undefined;
    const value = this.#entries[key];
    this.set(key, value);
    return value;
  }

  set(key: string, value: unknown): void {
    delete this.#entries[key];
    this.#entries[key] = value;
    const [oldest] = this.keys();
    if (this.size > this.#capacity && oldest !== undefined) delete this.#entries[oldest];
  }

  has(key: string): boolean {
    return key in this.#entries;
  }

  delete(key: string): boolean {
    return key in this.#entries && delete this.#entries[key];
  }

  keys(): string[] {
    return Object.keys(this.#entries);
  }

  get size(): number {
    return this.keys().length;
  }
}
