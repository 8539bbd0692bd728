import { readFileSync, readdirSync } from "node:fs";

/** What the system says about a process and its descendants. */
export interface ProcessReading {
  /** CPU time of all threads. */
  readonly cpuMs: number;
  /** How long their threads could have run and were not given a core. */
  readonly delayMs: number;
  /** One of them is stopped, or waits for a disk. */
  readonly isHeld: boolean;
}

const NS_PER_MS = 1e6;
/** Stopped, stopped by a debugger, and uninterruptible. */
const HELD_STATES = ["T", "t", "D"];

/** Reads `/proc`; undefined if the process is gone, or on a system without it. */
export function readProcessTree(pid: number | undefined): ProcessReading | undefined {
  if (pid === undefined) return undefined;
  const sum = { cpuMs: 0, delayMs: 0, isHeld: false };
  const found = [pid];
  try {
    for (const each of found) {
      sum.isHeld ||= HELD_STATES.includes(stateOf(each));
      for (const thread of readdirSync(`/proc/${each}/task`)) {
        const place = `/proc/${each}/task/${thread}`;
        const [cpu = 0, delay = 0] = numbersIn(`${place}/schedstat`);
        sum.cpuMs += cpu / NS_PER_MS;
        sum.delayMs += delay / NS_PER_MS;
        found.push(...numbersIn(`${place}/children`));
      }
    }
  } catch {
    return undefined;
  }
  return sum;
}

/** The state follows the name in brackets, which may hold anything. */
function stateOf(pid: number): string {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.charAt(text.lastIndexOf(")") + 2);
}

function numbersIn(file: string): readonly number[] {
  const words = readFileSync(file, "utf8").trim().split(/\s+/u);
  return words.filter(Boolean).map(Number);
}

/** Samples are taken at this interval. */
export const SAMPLE_MS = 200;
/** A longer time between two samples is the sampler's own stall. */
export const SAMPLE_GAP_MS_MAX = 4 * SAMPLE_MS;

interface Sample {
  readonly atMs: number;
  readonly reading: ProcessReading | undefined;
}

/**
 * Measures the time that a process takes by its own doing: it computes, or it waits although it could
 * run. Time in which the machine keeps it from running is not its own. The process can't lower its
 * figure: if its threads take cores from each other, their CPU time counts.
 */
export class OwnTime {
  readonly #gapMs: number;
  #last: Sample | undefined;

  /** @param gapMs - The longest time between two samples that counts. */
  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** Returns the own milliseconds since the last sample; 0 for the first. */
  sample(atMs: number, reading: ProcessReading | undefined): number {
    const last = this.#last;
    this.#last = { atMs, reading };
    if (last === undefined) return 0;
    const wallMs = Math.min(atMs - last.atMs, this.#gapMs);
    if (reading === undefined || last.reading === undefined) return wallMs;
    const cpuMs = Math.max(0, reading.cpuMs - last.reading.cpuMs);
    if (reading.isHeld || last.reading.isHeld) return cpuMs;
    return Math.max(cpuMs, wallMs - Math.max(0, reading.delayMs - last.reading.delayMs));
  }
}
