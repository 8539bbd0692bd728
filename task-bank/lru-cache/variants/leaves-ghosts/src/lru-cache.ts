export class LruCache {
  readonly #capacity: number;
  readonly #values = new Map<string, unknown>();
  #order: string[] = [];

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`A cache needs room for at least one entry, got ${capacity}.`);
    }
    this.#capacity = capacity;
  }

  get(key: string): unknown {
    if (this.#values.has(key)) this.#use(key);
    return this.#values.get(key);
  }

  set(key: string, value: unknown): void {
    if (!this.#values.has(key) && this.#values.size >= this.#capacity) {
      const oldest = this.#order.shift();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    this.#values.set(key, value);
    this.#use(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  delete(key: string): boolean {
    return this.#values.delete(key);
  }

  keys(): string[] {
    return this.#order.filter((key) => this.#values.has(key));
  }

  get size(): number {
    return this.#values.size;
  }

  #use(key: string): void {
    this.#order = [...this.#order.filter((other) => other !== key), key];
  }
}
