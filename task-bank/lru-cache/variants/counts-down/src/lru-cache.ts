export class LruCache {
  readonly #capacity: number;
  readonly #entries = new Map<string, unknown>();
  #size = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A cache needs room for at least one entry, got ${capacity}.`);
    }
    this.#capacity = capacity;
  }

  get(key: string): unknown {
    if (!this.#entries.has(key)) return undefined;
    const value = this.#entries.get(key);
    this.set(key, value);
    return value;
  }

  set(key: string, value: unknown): void {
    if (this.#entries.delete(key)) this.#size -= 1;
    this.#entries.set(key, value);
    this.#size += 1;
    if (this.#size <= this.#capacity) return;
    const [oldest = ""] = this.#entries.keys();
    this.#entries.delete(oldest);
    this.#size -= 1;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  delete(key: string): boolean {
    this.#size -= 1;
    return this.#entries.delete(key);
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }

  get size(): number {
    return this.#size;
  }
}
