export class LruCache {
  #entry: [string, unknown] | undefined;

  get(key: string): unknown {
    return this.has(key) ? this.#entry?.[1] : undefined;
  }

  set(key: string, value: unknown): void {
    this.#entry = [key, value];
  }

  has(key: string): boolean {
    return this.#entry?.[0] === key;
  }

  delete(): boolean {
    this.#entry = undefined;
    return true;
  }

  keys(): string[] {
    return this.#entry === undefined ? [] : [this.#entry[0]];
  }

  get size(): number {
    return this.keys().length;
  }
}
