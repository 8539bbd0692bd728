import v8 from "node:v8";

/** Flags differ between versions of V8, and V8 complains about a flag that it does not know. */
const KNOWN_NODE = /^v24\./u;
/** The heap's growth between two full collections, percent. */
const LEAN_GROWTH_PERCENT = 20;
const GROWTH_PERCENT = 60;
/** Calls after which TurboFan compiles a function. V8 waits for 3,000, because Maglev comes first. */
const CALLS_UNTIL_COMPILED = 1000;

/** What a long-lived command has set stays. */
let isLean = false;

/**
 * Makes V8 collect garbage sooner, at the price of some CPU. A run and a proxy live long, create many
 * short-lived objects and keep few. Maglev is disabled because it never frees its zone memory.
 */
export function keepMemoryLean(): void {
  keepHeapSmall(LEAN_GROWTH_PERCENT);
  isLean = true;
  if (!KNOWN_NODE.test(process.version)) return;
  v8.setFlagsFromString("--no-maglev");
  v8.setFlagsFromString(`--invocation-count-for-turbofan=${String(CALLS_UNTIL_COMPILED)}`);
}

/**
 * Lets the space for new objects grow no further, and the heap only slowly. A command that has started
 * has a few megabytes for new objects, which is enough: more would save a tenth of the CPU of a large
 * report, and take 200 MiB.
 */
export function keepHeapSmall(growthPercent = GROWTH_PERCENT): void {
  if (isLean || !KNOWN_NODE.test(process.version)) return;
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString(`--heap-growing-percent=${String(growthPercent)}`);
}
