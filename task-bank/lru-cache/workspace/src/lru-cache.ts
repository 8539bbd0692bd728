export class LruCache {
  constructor(_capacity: number) {
    throw new Error("not built yet");
  }

  get(_key: string): unknown {
    throw new Error("not built yet");
  }

  set(_key: string, _value: unknown): void {
    throw new Error("not built yet");
  }

  has(_key: string): boolean {
    throw new Error("not built yet");
  }

  delete(_key: string): boolean {
    throw new Error("not built yet");
  }

  keys(): string[] {
    throw new Error("not built yet");
  }

  get size(): number {
    throw new Error("not built yet");
  }
}
