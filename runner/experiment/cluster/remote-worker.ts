import { isOfConnection, StoreDamagedError } from "../../../ledger/store/postgres/store-failure.ts";
import type { MatchedSet, PlannedWindow } from "../../plan/assignment/plan.ts";
import type { Provider } from "../../plan/config/configuration.ts";
import type { AttemptResult, WindowPhase, WindowWorker } from "../windows/window-worker.ts";
import type { ListedWorker, WorkerSeen } from "./greet.ts";
import type { AttemptOutput, JobState, Switchboard } from "./switchboard.ts";

interface RemoteParts {
  readonly board: Switchboard;
  readonly experimentId: string;
  readonly sessionId: string;
  readonly sets: readonly MatchedSet[];
  readonly isFinal: (window: string) => boolean;
  /** Folds what the workers have written since. */
  readonly catchUp: () => Promise<void>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Wakes the watch early; without it, it looks at its times. */
  readonly onDone?: ((wake: () => void) => () => void) | undefined;
  readonly pollMs: number;
  /** Whether a window that no worker has taken may still begin. */
  readonly mayBegin: (planned: PlannedWindow, set: MatchedSet) => boolean;
  /** Any number of windows of a provider without `windows` may be under way. */
  readonly providers: readonly Pick<Provider, "id" | "windows">[];
  readonly say: (sentence: string) => void;
  /** A second Ctrl-C: the windows at work are left to their workers. */
  readonly atOnce: AbortSignal;
}

/** A window that the session waits for, until it ends or the session does. */
interface Waited {
  readonly planned: PlannedWindow;
  readonly began: (phase: WindowPhase) => void;
  readonly signal: AbortSignal;
}

interface Waiting extends Waited {
  readonly resolve: (state: JobState) => void;
  readonly reject: (error: unknown) => void;
  isWithdrawn: boolean;
}

type EndedJob = JobState & Pick<Waiting, "isWithdrawn">;

/** A worker is dead for the planning of places after so long, milliseconds. */
const GONE_MS = 60_000;
/**
 * Windows under way for each slot. A few wait, so that no worker waits for its coordinator. If a stop rule or a
 * provider's pause concerns them, they are taken back.
 */
const AHEAD = 1.25;
/** Looks after Ctrl-C until the run says what it waits for. */
const LOOKS_IN_SILENCE = 5;

/** Lets the workers of a store work the windows of a session, which waits for what they record. */
export class RemoteWorker implements WindowWorker<AttemptResult | null> {
  readonly methodology = "agent-cli-through-proxy";
  readonly workspaceRoot = null;
  readonly #parts: RemoteParts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #setOf: ReadonlyMap<string, MatchedSet>;
  readonly #takenOf = new Map<string, number>();
  readonly #refusals = new Set<string>();
  #isMissed = false;
  #looksAtEnd = 0;
  /** The database is an older copy: nothing that it says counts. */
  #damage: StoreDamagedError | undefined;
  #taken = 0;
  #places = 1;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    this.#setOf = new Map(
      parts.sets.flatMap((set) => set.windows.map(({ window }) => [window, set])),
    );
  }

  async work(
    { planned }: { readonly planned: PlannedWindow },
    signal: AbortSignal,
    began: (phase: WindowPhase) => void = () => undefined,
  ): Promise<AttemptResult | null> {
    const { experimentId, sessionId, board } = this.#parts;
    const machineClass = await this.#classFor(planned);
    if (signal.aborted) return resultOf(INTERRUPTED);
    const id = await board.enqueue({ experimentId, sessionId, planned, machineClass });
    const ended = await this.#ended(id, { planned, began, signal });
    return this.#resultAfter(ended, planned, signal.aborted);
  }

  /** null if the window goes back to the schedule, which sets its budget aside again. */
  #resultAfter(
    { state, output, isWithdrawn }: EndedJob,
    planned: PlannedWindow,
    isOver: boolean,
  ): AttemptResult | null {
    if (isWithdrawn && !isOver) {
      return this.#putBack(planned, `was not begun: ${planned.provider} rests or is halted`);
    }
    if (state !== "done" || output === null) {
      return resultOf(state === "cancelled" || isOver ? INTERRUPTED : GIVEN_UP);
    }
    if (output.outcome !== "interrupted" || isOver) return resultOf(output);
    // So many workers were lost with it that it is missing for good.
    if (this.#parts.isFinal(planned.window)) return resultOf({ ...output, outcome: "crashed" });
    return this.#putBack(planned, "was handed back by its worker");
  }

  #putBack({ window }: PlannedWindow, why: string): null {
    this.#parts.say(`${window} ${why}.`);
    return null;
  }

  /** Waits until fewer windows are under way than the workers can take soon. */
  async take(provider: string, signal: AbortSignal): Promise<() => void> {
    const { providers, wait, pollMs } = this.#parts;
    const limit = providers.find(({ id }) => id === provider)?.windows ?? Infinity;
    const takenOf = () => this.#takenOf.get(provider) ?? 0;
    while (!signal.aborted && (this.#taken >= this.#places || takenOf() >= limit))
      await wait(pollMs, signal);
    const count = (by: number): void => {
      this.#taken += by;
      this.#takenOf.set(provider, takenOf() + by);
    };
    count(1);
    return () => count(-1);
  }

  /** Follows the windows that wait until the signal fires. */
  async watch(signal: AbortSignal): Promise<void> {
    const { onDone, wait, pollMs } = this.#parts;
    let waking = new AbortController();
    const unlisten = onDone?.(() => waking.abort());
    while (!signal.aborted && this.#damage === undefined) {
      waking = new AbortController();
      await this.#look().catch((error: unknown) => this.#fail(error));
      await wait(pollMs, AbortSignal.any([signal, waking.signal]));
    }
    unlisten?.();
  }

  async #look(): Promise<void> {
    const { board, catchUp } = this.#parts;
    const states = await board.statesOf([...this.#waiting.keys()]);
    const ended = [...states].filter(([, { state }]) => state !== "waiting" && state !== "active");
    // The rows of an ended window are there before its end is known.
    if (ended.length > 0) await catchUp();
    for (const [id, state] of ended) {
      this.#waiting.get(id)?.resolve(state);
    }
    await this.#drop(states);
    await this.#withdraw(states);
    this.#plan(await board.workers());
  }

  /** A look that only the connection has failed is repeated. */
  #fail(error: unknown): void {
    if (isOfConnection(error)) return;
    if (error instanceof StoreDamagedError) this.#damage = error;
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  /**
   * Drops what waits for a worker when the session ends: a window that was handed out at the same moment,
   * and one that a dead worker has lost since.
   */
  async #drop(states: ReadonlyMap<string, JobState>): Promise<void> {
    const { board, experimentId, say } = this.#parts;
    const ending = [...this.#waiting].filter(([, { signal }]) => signal.aborted);
    if (ending.length === 0) return;
    this.#looksAtEnd += 1;
    if (this.#looksAtEnd === LOOKS_IN_SILENCE) {
      const windows = ending.map(([, { planned }]) => planned.window).join(", ");
      say(
        `Waiting for the workers to end ${windows}: at most a minute. Another Ctrl-C leaves them.`,
      );
    }
    const isLeft = ending.some(([id]) => states.get(id)?.state === "waiting");
    if (isLeft) await board.stop(experimentId, "interrupted");
  }

  /** Takes back what waits for a worker and may no longer begin. */
  async #withdraw(states: ReadonlyMap<string, JobState>): Promise<void> {
    const { board, mayBegin } = this.#parts;
    const held = [...this.#waiting].filter(([id, { planned }]) => {
      const set = this.#setOf.get(planned.window);
      return states.get(id)?.state === "waiting" && set !== undefined && !mayBegin(planned, set);
    });
    if (held.length === 0) return;
    // Its answer may be lost with the connection.
    for (const [, waiting] of held) waiting.isWithdrawn = true;
    await board.withdraw(held.map(([id]) => id));
  }

  #plan(workers: readonly ListedWorker[]): void {
    const alive = workers.filter(({ seenMsAgo }) => seenMsAgo < GONE_MS);
    if (alive.length === 0 && !this.#isMissed) {
      this.#parts.say(
        'No worker is at work on this store. Start one with "experiment worker --store".',
      );
    }
    this.#isMissed = alive.length === 0;
    const willing = alive.filter((worker) => this.#whyNot(worker) === undefined);
    const slots = willing.reduce((sum, one) => sum + one.slots, 0);
    this.#places = Math.ceil(slots * AHEAD) + 1;
    const phases = new Map(
      alive.flatMap(({ windows }) => windows.map(({ window, phase }) => [window, phase])),
    );
    for (const { planned, began } of this.#waiting.values()) {
      const phase = phases.get(planned.window);
      if (phase !== undefined && isPhase(phase)) began(phase);
    }
  }

  /** Why a worker takes no windows of this experiment; said once to whoever watches the run. */
  #whyNot({ name, refusals = [] }: WorkerSeen): string | undefined {
    const { experimentId, say } = this.#parts;
    const why = refusals.find((one) => one.experimentId === experimentId)?.why;
    if (why === undefined) return undefined;
    const sentence = `${name} takes no windows: ${why}.`;
    if (!this.#refusals.has(sentence)) say(sentence);
    this.#refusals.add(sentence);
    return why;
  }

  async #ended(id: string, { planned, began, signal }: Waited): Promise<EndedJob> {
    if (this.#damage !== undefined) throw this.#damage;
    const { promise, resolve, reject } = Promise.withResolvers<JobState>();
    let last = "";
    const waiting: Waiting = {
      resolve,
      reject,
      planned,
      signal,
      began: (phase) => {
        if (phase !== last) began(phase);
        last = phase;
      },
      isWithdrawn: false,
    };
    this.#waiting.set(id, waiting);
    const { atOnce } = this.#parts;
    const leave = () => resolve({ state: "done", output: LEFT });
    if (atOnce.aborted) leave();
    atOnce.addEventListener("abort", leave, { once: true });
    try {
      const ended = await promise;
      return { ...ended, isWithdrawn: waiting.isWithdrawn && ended.state === "cancelled" };
    } finally {
      atOnce.removeEventListener("abort", leave);
      this.#waiting.delete(id);
    }
  }

  /** Both windows of a pair run on machines of one class, so that no machine is taken for a provider. */
  async #classFor({ window }: PlannedWindow): Promise<string | null> {
    const set = this.#setOf.get(window);
    const others = set?.windows.map((one) => one.window) ?? [];
    return await this.#parts.board.classOf(this.#parts.experimentId, others);
  }
}

/** A window that is being set up has no phase yet. */
function isPhase(phase: string): phase is WindowPhase {
  return phase === "grading" || phase.startsWith("working");
}

const INTERRUPTED: AttemptOutput = {
  outcome: "interrupted",
  reason: "The session ended before the window did.",
  quality: null,
  usage: { requests: 0 },
};

const LEFT: AttemptOutput = { ...INTERRUPTED, reason: "It is left to its worker." };

const GIVEN_UP: AttemptOutput = {
  ...INTERRUPTED,
  outcome: "infrastructure",
  reason: "No worker could finish the window.",
};

/** A worker has recorded the attempt; the session only decides how to continue. */
function resultOf(output: AttemptOutput): AttemptResult {
  return {
    requests: {
      total: 0,
      errors: 0,
      refused: 0,
    },
    commitStart: null,
    commitEnd: null,
    churn: null,
    scenarios: [],
    isolation: null,
    agentIsolation: null,
    timings: null,
    exitCode: null,
    reportedUsage: null,
    anomalies: [],
    versions: {},
    ...output,
  };
}
