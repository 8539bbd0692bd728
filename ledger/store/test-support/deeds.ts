/** What a writing process says that it did, each with the machine's monotonic time in microseconds. */
export interface Deeds {
  /** When each row was appended, by its id. */
  readonly tried: ReadonlyMap<string, number>;
  /** When each row was acknowledged, by its id. */
  readonly acknowledged: ReadonlyMap<string, number>;
}

/** Reads what a process printed; one that was killed may leave half a line behind. */
export function parseDeeds(printed: string): Deeds {
  const deeds = { tried: new Map<string, number>(), acknowledged: new Map<string, number>() };
  for (const line of printed.split("\n").slice(0, -1)) {
    const [what, id = "", atUs] = line.split(" ");
    if (what === "try") deeds.tried.set(id, Number(atUs));
    if (what === "ack") deeds.acknowledged.set(id, Number(atUs));
  }
  return deeds;
}

/** What several processes did, as one. */
export function joinDeeds(all: readonly Deeds[]): Deeds {
  return {
    tried: new Map(all.flatMap(({ tried }) => [...tried])),
    acknowledged: new Map(all.flatMap(({ acknowledged }) => [...acknowledged])),
  };
}
