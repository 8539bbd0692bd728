import v8 from "node:v8";

/** Flags differ between versions of V8, and V8 complains about a flag that it does not know. */
const KNOWN_NODE = /^v24\./u;
/** The heap's growth between two full collections, percent. */
const LEAN_GROWTH_PERCENT = 20;
/**
 * A full collection also drops the compiled code of closures that do not live at that moment, and V8 compiles them
 * again. With a growth of 20 % a session of 1,000 windows spent a third of its CPU on that.
 */
const SESSION_GROWTH_PERCENT = 200;
const GROWTH_PERCENT = 60;
/** Calls after which TurboFan compiles a function. V8 waits for 3,000, because Maglev comes first. */
const CALLS_UNTIL_COMPILED = 1000;

/** What a long-lived command has set stays. */
let isLean = false;

/**
 * Makes V8 collect garbage sooner, at the price of some CPU. A run and a proxy live long, create many
 * short-lived objects and keep few. Maglev is disabled because it never frees its zone memory.
 */
export function keepMemoryLean(growthPercent = LEAN_GROWTH_PERCENT): void {
  keepHeapSmall(growthPercent);
  isLean = true;
  if (!KNOWN_NODE.test(process.version)) return;
  v8.setFlagsFromString("--no-maglev");
  v8.setFlagsFromString(`--invocation-count-for-turbofan=${String(CALLS_UNTIL_COMPILED)}`);
}

/** The same for a session, which computes statistics after each window. */
export function keepSessionLean(): void {
  keepMemoryLean(SESSION_GROWTH_PERCENT);
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
