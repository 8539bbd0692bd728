import seedrandom from "seedrandom";

import { LEDGER_FILES } from "../../../../ledger/domain/ledger-file.ts";
import type { Row } from "../../../../ledger/domain/row.ts";
import { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { makePlan } from "../../../plan/assignment/make-plan.ts";
import type { MatchedSet, Plan, PlannedWindow } from "../../../plan/assignment/plan.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { Experiment } from "../../session/prepare-experiment.ts";
import { runOnWorkers } from "../run-on-workers.ts";
import type { Claim, Switchboard } from "../switchboard.ts";
import { WORKER_TIMES, workWindows } from "../worker-loop.ts";
import { openSimulatedAttempt } from "./simulated-attempt.ts";
import { SimulatedSwitchboard } from "./simulated-switchboard.ts";
import { SimulatedTime } from "./simulated-time.ts";

const LIMIT_MS = 4 * 3_600_000;
const HEARTBEAT_MS = 30_000;
const MONITOR_MS = 10_000;
const ALLOWANCE = 1000;
const SETS = 4;
const WORKERS = 3;

/** What a seed draws. */
interface Faults {
  /** Share of calls of the store whose request or answer is lost. */
  readonly cut: number;
  /** Share of calls that a machine makes only after its heartbeat has passed. */
  readonly pause: number;
  /** Share of calls at which a worker dies; another one follows. */
  readonly death: number;
}

/** How one simulated run went: what is wrong, and how much happened. */
export interface Simulated {
  readonly violations: readonly string[];
  readonly end: string;
  readonly deaths: number;
  readonly lost: number;
}

/**
 * Drives the scheduler, the workers, the budgets and the stop rules over a simulated store and queue, with
 * simulated clocks, cuts of the network, paused machines and deaths, all drawn from one seed.
 */
export async function simulateWorkers(
  base: Experiment,
  environment: Environment,
  seed: string,
): Promise<Simulated> {
  const random = seedrandom(seed);
  const time = new SimulatedTime();
  const board = new SimulatedSwitchboard({ clock: time, heartbeatMs: HEARTBEAT_MS });
  const plan = draw(base, seed);
  const cap = ALLOWANCE * Math.ceil(plan.sets.length * 2 * (0.5 + random()));
  const faults: Faults = { cut: random() * 0.1, pause: random() * 0.01, death: random() * 0.01 };
  const world = new World({ time, board, random, faults });
  const experiment = { ...base, plan, configuration: withCap(base.configuration, cap) };
  const view = new ExperimentFold(plan.experimentId);
  const noMore = new AbortController();
  const run = runOnWorkers({
    experiment,
    providers: [],
    view,
    board,
    wait: time.wait,
    store: board.store,
    refresh: async () => {},
    details: {
      ...experiment.configuration,
      registration: plan.registration,
      versions: {},
      sandbox: "none",
      resources: [],
      bundles: [],
    },
    folder: locateDataFolder(undefined, environment),
    environment: {
      ...environment,
      clock: time,
    },
    observe: () => SILENT,
    stopWhen: [],
    signal: new AbortController().signal,
    atOnce: new AbortController().signal,
  });
  for (let index = 0; index < WORKERS; index += 1) world.startWorker(experiment, noMore.signal);
  world.watch(plan.experimentId, cap, noMore.signal);
  const isOver = await time.run(run, LIMIT_MS);
  noMore.abort();
  const end = isOver ? await run : null;
  const violations = [
    ...(end === null ? ["the run does not end"] : []),
    ...world.violations,
    ...(await check(plan, board, { isComplete: end?.reason === "complete" })),
  ];
  return { violations, end: end?.reason ?? "none", deaths: world.deaths, lost: world.lost };
}

interface WorldParts {
  readonly time: SimulatedTime;
  readonly board: SimulatedSwitchboard;
  readonly random: () => number;
  readonly faults: Faults;
}

/** The machines of a simulation, and what disturbs them. */
class World {
  readonly violations: string[] = [];
  deaths = 0;
  lost = 0;
  readonly #parts: WorldParts;
  #names = 0;
  /** What every attempt has really spent, tokens. */
  #spent = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
  }

  /** Starts a worker that works until it dies; then another one starts. */
  startWorker(experiment: Experiment, drain: AbortSignal): void {
    const { time, random, board } = this.#parts;
    this.#names += 1;
    const name = `worker-${String(this.#names)}`;
    const life = { isDead: false };
    const die = () => {
      life.isDead = true;
      this.deaths += 1;
      this.startWorker(experiment, drain);
    };
    const reached = this.#throughNetwork(board, { life, die });
    const { configuration } = experiment;
    const work = workWindows(
      {
        board: reached,
        worker: { name, host: name, machineClass: random() < 0.7 ? "small" : "large", slots: 1 },
        open: async (claim) =>
          await openSimulatedAttempt(claim, {
            time,
            configuration,
            random,
            allowance: ALLOWANCE,
            history: async (...asked) => await board.historyOf(...asked),
            spend: (_: Claim, tokens: number) => {
              if (!life.isDead) this.#spent += tokens;
            },
          }),
        experiments: async () => [experiment.plan.experimentId],
        clock: time,
        // A dead machine does nothing more.
        wait: async (ms, signal) => await (life.isDead ? NEVER : time.wait(ms, signal)),
        times: WORKER_TIMES,
        count: (event) => {
          if (event === "lost") this.lost += 1;
        },
        say: () => undefined,
      },
      { drain, atOnce: NO_SIGNAL },
    );
    work.catch((error: unknown) => this.violations.push(`a worker failed: ${String(error)}`));
  }

  /** Monitors the queue, and samples the budget. */
  watch(experimentId: string, cap: number, until: AbortSignal): void {
    const { time, board } = this.#parts;
    const look = async (): Promise<void> => {
      while (!until.aborted) {
        await time.wait(MONITOR_MS, until);
        board.monitor();
        const { spent, reserved } = board.budgetOf(experimentId, "tokens") ?? {
          spent: 0,
          reserved: 0,
        };
        if (spent + reserved > cap || this.#spent > cap) {
          this.violations.push(
            `over the cap of ${String(cap)}: ${String(spent)} + ${String(reserved)}, really ${String(this.#spent)}`,
          );
        }
      }
    };
    void look();
  }

  /** The board as a machine reaches it: calls get lost before or after they take effect, wait, or are the last. */
  #throughNetwork(
    board: Switchboard,
    { life, die }: { readonly life: { isDead: boolean }; readonly die: () => void },
  ): Switchboard {
    const { time, random, faults } = this.#parts;
    const call = async (act: () => Promise<unknown>): Promise<unknown> => {
      if (life.isDead) return await NEVER;
      if (random() < faults.death) {
        die();
        return await NEVER;
      }
      await time.wait(random() * 20);
      if (random() < faults.pause) await time.wait(2 * HEARTBEAT_MS);
      if (random() < faults.cut) throw cut();
      const value = await act();
      if (random() < faults.cut) throw cut();
      return value;
    };
    return new Proxy(board, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) =>
          await call(async () => await value.apply(target, args));
      },
    });
  }
}

/** Every window once, in its place, and rows that form chains. */
async function check(
  plan: Plan,
  board: SimulatedSwitchboard,
  { isComplete }: { readonly isComplete: boolean },
): Promise<readonly string[]> {
  const rows = [...board.store.read("windows")];
  const planned = new Set(plan.sets.flatMap((set) => set.windows.map(({ window }) => window)));
  const others = rows.filter((row) => !planned.has(String(row["window"])));
  const sets = await Promise.all(
    plan.sets.map(async (set) => [
      ...set.windows.flatMap((one) => checkWindow(one, rows, isComplete)),
      ...checkOrder(set, rows),
      ...(await checkClass(plan, set, board)),
    ]),
  );
  return [
    ...sets.flat(),
    ...others.map((row) => `${String(row["window"])} is not in the plan`),
    ...LEDGER_FILES.flatMap((file) => checkChain(file, [...board.store.read(file)])),
  ];
}

function checkWindow(
  { window, provider }: PlannedWindow,
  rows: readonly Row[],
  isComplete: boolean,
): readonly string[] {
  const finals = rows.filter((row) => isFinal(row) && row["window"] === window);
  return [
    ...(finals.length > 1 ? [`${window} is final ${String(finals.length)} times`] : []),
    ...(finals.length === 0 && isComplete ? [`${window} is lost`] : []),
    ...finals
      .filter((row) => row["provider"] !== provider)
      .map(() => `${window} has another provider`),
  ];
}

function checkOrder({ windows }: MatchedSet, rows: readonly Row[]): readonly string[] {
  const [first, second] = windows.map(({ window }) => window);
  const ended = rows.findIndex((row) => isFinal(row) && row["window"] === first);
  const begun = rows.findIndex((row) => row.record === "window_opened" && row["window"] === second);
  const isEarly = begun !== -1 && (ended === -1 || begun < ended);
  return isEarly ? [`${String(second)} began before ${String(first)} was final`] : [];
}

async function checkClass(
  { experimentId }: Plan,
  { featureId, windows }: MatchedSet,
  board: SimulatedSwitchboard,
): Promise<readonly string[]> {
  const classes = await Promise.all(
    windows.map(async ({ window }) => await board.classOf(experimentId, [window])),
  );
  const worked = new Set(classes.filter((one) => one !== null));
  return worked.size > 1 ? [`${featureId} was worked on two classes of machines`] : [];
}

function checkChain(file: string, rows: readonly Row[]): readonly string[] {
  const isChain = rows.every((row, index) => {
    const before = rows[index - 1];
    return before === undefined || (row.prev === before.h && row.seq === before.seq + 1);
  });
  return isChain ? [] : [`${file} is no chain`];
}

function isFinal({ record }: Row): boolean {
  return record === "window_finalized";
}

function draw(base: Experiment, seed: string): Plan {
  const tasks = [...base.tasks.values()];
  const plan = makePlan({ ...base.configuration, seed }, tasks);
  return { ...plan, sets: plan.sets.slice(0, SETS) };
}

function withCap(
  configuration: Experiment["configuration"],
  cap: number,
): Experiment["configuration"] {
  const place = { origin: "simulation", givenBy: "simulation", isHeld: true };
  const limits = [
    { ...place, scope: "overall", name: "overall", unit: "tokens", limit: cap },
    { ...place, scope: "window", name: "window", unit: "tokens", limit: ALLOWANCE },
  ] as const;
  return { ...configuration, budgets: { ...configuration.budgets, limits } };
}

function cut(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

const NEVER = new Promise<never>(() => undefined);
const NO_SIGNAL = new AbortController().signal;
const SILENT = {
  windowStarted: () => undefined,
  phaseBegan: () => undefined,
  settled: () => undefined,
  windowEnded: () => undefined,
  noted: () => undefined,
};
