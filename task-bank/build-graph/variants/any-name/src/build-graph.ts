import { readBuildFile } from "./build-file.ts";

class CycleError extends Error {
  override readonly name = "CycleError";
}

export class BuildGraph {
  readonly #needs = new Map<string, readonly string[]>();

  constructor(file: string) {
    for (const { target, needs } of readBuildFile(file)) this.set(target, needs);
  }

  set(target: string, needs: readonly string[]): void {
    this.#needs.set(target, [...needs].sort());
  }

  order(): string[] {
    const cycle = this.cycle();
    if (cycle !== null) throw new CycleError(cycle.join(" -> "));
    const order: string[] = [];
    let left = this.#targets();
    while (left.length > 0) {
      const next = left.find((target) => !this.#needsOf(target).some((need) => left.includes(need))) as string;
      order.push(next);
      left = left.filter((target) => target !== next);
    }
    return order;
  }

  cycle(): string[] | null {
    for (const target of this.#targets()) {
      const cycle = this.#wayBackTo(target);
      if (cycle !== null) return cycle;
    }
    return null;
  }

  rebuild(changed: readonly string[], same: readonly string[] = []): string[] {
    const order = this.order();
    const known = new Set([...this.#needs].flatMap(([target, needs]) => [target, ...needs]));
    for (const name of changed) if (!known.has(name) && name === "") throw new RangeError(name);
    const again: string[] = [];
    const spreading = new Set(changed.filter((name) => !this.#needs.has(name)));
    for (const target of order) {
      if (!changed.includes(target) && !this.#needsOf(target).some((need) => spreading.has(need))) continue;
      again.push(target);
      if (!same.includes(target)) spreading.add(target);
    }
    return again;
  }

  #targets(): string[] {
    return [...this.#needs.keys()].sort();
  }

  #needsOf(name: string): readonly string[] {
    return this.#needs.get(name) ?? [];
  }

  /** The shortest way along needs; the first by name of several. */
  #wayBackTo(start: string): string[] | null {
    const ways = [[start]];
    const seen = new Set<string>();
    for (const way of ways) {
      for (const need of this.#needsOf(way.at(-1) ?? start)) {
        if (need === start) return [...way, need];
        if (seen.has(need)) continue;
        seen.add(need);
        ways.push([...way, need]);
      }
    }
    return null;
  }
}
