import { parseJson } from "../../../platform/json/json-value.ts";

/** A piece of an answer and the time when it came. */
export interface TimedBytes {
  readonly at_ms: number;
  readonly bytes: Buffer;
}

/** The folder of the recorded agent, and the folder of the agent that replays. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Replaces a folder in an answer: tools are called with absolute paths, and a replay's agent works
 * in another folder. A stream may spread a path over many events; the first of them then gets the
 * whole path. Events without the folder keep their bytes.
 */
export function movePaths(chunks: readonly TimedBytes[], move: Move): readonly TimedBytes[] {
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
  const events = text.split(/(?<=\r?\n\r?\n)/);
  const documents = events.map((event) => parseJson(/^data: ?(.*)$/m.exec(event)?.[1] ?? ""));
  const leaves = documents.flatMap((document, event) => leavesOf(Object(document), event));
  for (const chain of Map.groupBy(leaves, chainOf(documents)).values()) rewrite(chain, move);
  const changed = leaves.filter((leaf) => leaf.now !== leaf.was);
  for (const { holder, name, now } of changed) Reflect.set(holder, name, now);
  const rewritten = new Set(changed.map(({ event }) => event));
  const timesMs = timesOf(events, chunks);
  return events.map((event, index) => ({
    at_ms: timesMs[index] ?? 0,
    bytes: Buffer.from(
      rewritten.has(index)
        ? event.replace(/^data: ?.*$/m, () => `data: ${JSON.stringify(documents[index])}`)
        : event.replaceAll(move.from, move.to),
    ),
  }));
}

/** A text in an event's document. */
interface Leaf {
  readonly event: number;
  readonly at: readonly string[];
  readonly holder: object;
  readonly name: string;
  readonly was: string;
  now: string;
}

function leavesOf(holder: object, event: number, path: readonly string[] = []): readonly Leaf[] {
  return Object.entries(holder).flatMap(([name, value]: [string, unknown]) => {
    const at = [...path, name];
    if (typeof value === "string") return [{ event, at, holder, name, was: value, now: value }];
    return typeof value === "object" && value !== null ? leavesOf(value, event, at) : [];
  });
}

/** Pieces of one text have the same chain: one member, event type and part of the answer. */
function chainOf(documents: readonly unknown[]): (leaf: Leaf) => string {
  return ({ event, at }) => {
    const { type, index, item_id: item }: Record<string, unknown> = Object(documents[event]);
    return JSON.stringify([type, index, item, at]);
  };
}

function rewrite(chain: readonly Leaf[], { from, to }: Move): void {
  const text = chain.map(({ was }) => was).join("");
  for (let found = text.lastIndexOf(from); found !== -1; found = before(text, from, found)) {
    let start = 0;
    for (const leaf of chain) {
      const cutFrom = Math.max(0, found - start);
      const cutTo = Math.min(leaf.was.length, found + from.length - start);
      if (cutTo > cutFrom) {
        const isFirst = found >= start;
        leaf.now = leaf.now.slice(0, cutFrom) + (isFirst ? to : "") + leaf.now.slice(cutTo);
      }
      start += leaf.was.length;
    }
  }
}

/** Searches backwards, so that earlier positions stay true after a change. */
function before(text: string, from: string, found: number): number {
  return found === 0 ? -1 : text.lastIndexOf(from, found - 1);
}

/** When the last byte of each event had come. */
function timesOf(events: readonly string[], chunks: readonly TimedBytes[]): readonly number[] {
  let end = 0;
  return events.map((event) => {
    end += Buffer.byteLength(event);
    let came = 0;
    const chunk = chunks.find(({ bytes }) => {
      came += bytes.length;
      return came >= end;
    });
    return chunk?.at_ms ?? 0;
  });
}
