import { setTimeout as sleep } from "node:timers/promises";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import type { PrivateCluster } from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { type Draw, drawFrom } from "../../../ledger/store/test-support/draw.ts";
import { type ProcessEnd, type ProcessPlace, StoreProcess } from "./store-process.ts";
import { type Deed, DEEDS, type StormPlan } from "./storm-plan.ts";
import { Strikes } from "./strikes.ts";

const WORKERS = 4;
/** Tokens that all windows of a run may take at first, and how many more if they were too few. */
const CAP = { first: 40_000, more: 10_000 };
const WINDOW_TOKENS = 6000;
const STRIKE_MS = { least: 200, most: 3000 };
const SAID_CHARS = 2000;
const MINUTE_MS = 60_000;
/** What a worker says once the store has acknowledged the end of its window. */
const FINAL = /^(\S+): (?:pass|partial|fail|crashed|capped)\.$/gmu;

interface StormParts {
  readonly plan: StormPlan;
  readonly cluster: PrivateCluster;
  readonly address: string;
  readonly place: Pick<ProcessPlace, "folder" | "variables">;
  readonly trace: (who: string, text: string) => void;
}

/** Starts runs and workers as their user would, again and again, while they are killed, paused and cut off. */
export class Storm {
  readonly done: Record<Deed, number>;
  /** How runs and workers have ended that nobody killed, if their user would not expect it. */
  readonly faults: string[] = [];
  /** How many runs came to their end. */
  complete = 0;
  /** Why a run ended before, other than by a signal, and how often. */
  readonly continued: Record<string, number> = {};
  /** The windows that workers called final. */
  readonly saidFinal: string[] = [];
  readonly #parts: StormParts;
  readonly #draw: Draw;
  readonly #strikes: Strikes;
  readonly #workers = new Map<string, StoreProcess>();
  #coordinator: StoreProcess | undefined;
  #isOver = false;

  constructor(parts: StormParts) {
    this.#parts = parts;
    this.#draw = drawFrom(parts.plan.seed);
    this.#strikes = new Strikes({
      ...parts,
      draw: this.#draw,
      workers: () => [...this.#workers.values()],
      coordinator: () => this.#coordinator,
      blame: (fault) => this.faults.push(fault),
    });
    this.done = { ...parts.plan.deeds };
    for (const deed of DEEDS) this.done[deed] = 0;
  }

  /** Resolves when every deed is done and the run that was hit last has come to its end, or when time is up. */
  async rage(): Promise<void> {
    const { minutes } = this.#parts.plan;
    const limit = setTimeout(
      () => this.#giveUp(`The storm was not over after ${String(minutes)} minutes.`),
      minutes * MINUTE_MS,
    );
    const workers = Array.from({ length: WORKERS }, async (_, index) => {
      await this.#keepWorker(`worker-${String(index + 1)}`);
    });
    const striking = this.#strikeAll().catch((error: unknown) => this.#giveUp(String(error)));
    do {
      if (await this.#runToItsEnd(this.complete + 1)) this.complete += 1;
    } while (!this.#isOver && DEEDS.some((deed) => this.#left(deed) > 0));
    await striking;
    this.#isOver = true;
    for (const worker of this.#workers.values()) {
      worker.signal("SIGCONT");
      worker.signal("SIGTERM");
    }
    await Promise.all(workers);
    clearTimeout(limit);
  }

  /** Ends all processes that it has started. */
  end(): void {
    this.#isOver = true;
    for (const one of [this.#coordinator, ...this.#workers.values()]) one?.signal("SIGKILL");
  }

  #giveUp(why: string): void {
    this.faults.push(why);
    this.end();
  }

  async #keepWorker(name: string): Promise<void> {
    const args = ["worker", "--name", name, "--class", "made", "--config", "../experiment.yaml"];
    while (!this.#isOver) {
      const worker = this.#start(args, name);
      this.#workers.set(name, worker);
      const end = await worker.ended;
      this.saidFinal.push(...Array.from(end.said.matchAll(FINAL), ([, window = ""]) => window));
      if (!end.isKilled && end.exitCode !== EXIT.done) this.#blame(name, end);
    }
  }

  /** Runs an experiment, and continues it as its messages say. Returns whether it is complete. */
  async #runToItsEnd(seed: number): Promise<boolean> {
    let tokens = CAP.first;
    let more: readonly string[] = [];
    while (!this.#isOver) {
      const limits = ["--overall-token-budget", String(tokens)];
      const window = ["--window-token-budget", String(WINDOW_TOKENS)];
      const args = ["run", "--config", "../experiment.yaml", "--seed", String(seed), ...limits];
      this.#coordinator = this.#start([...args, ...window, ...more], "coordinator");
      const end = await this.#coordinator.ended;
      if (end.exitCode === EXIT.done) return true;
      more = ["--resume"];
      if (end.isKilled || end.exitCode === EXIT.interrupted) continue;
      const why = whyItEnded(end);
      if (why === "budget spent") tokens += CAP.more;
      if (why === "killed before its registration") more = [];
      if (why === undefined) this.#blame(`The run with seed ${String(seed)}`, end);
      else this.continued[why] = (this.continued[why] ?? 0) + 1;
    }
    return false;
  }

  async #strikeAll(): Promise<void> {
    while (!this.#isOver) {
      const left = DEEDS.flatMap((deed) => Array.from({ length: this.#left(deed) }, () => deed));
      if (left.length === 0) return;
      await sleep(this.#draw.between(STRIKE_MS.least, STRIKE_MS.most));
      const deed = this.#draw.oneOf(left);
      this.#parts.trace("storm", deed);
      if (await this.#strikes.all[deed]()) this.done[deed] += 1;
    }
  }

  #left(deed: Deed): number {
    return this.#parts.plan.deeds[deed] - this.done[deed];
  }

  #start(args: readonly string[], who: string): StoreProcess {
    const { place, trace } = this.#parts;
    return new StoreProcess(args, {
      variables: place.variables,
      folder: `${place.folder}/${who}`,
      trace: (text) => trace(who, text),
    });
  }

  #blame(who: string, { exitCode, said }: ProcessEnd): void {
    this.faults.push(`${who} ended with ${String(exitCode)}:\n${said.slice(-SAID_CHARS)}`);
  }
}

/** Why a run may end by itself and be continued; undefined for an end that its user would not expect. */
function whyItEnded({ exitCode, said }: ProcessEnd): string | undefined {
  if (exitCode === EXIT.budget) return "budget spent";
  if (/^ {4}at /mu.test(said)) return undefined;
  if (/leave --resume out/iu.test(said)) return "killed before its registration";
  if (exitCode === EXIT.refused && said.includes("hands out the windows")) return "lock held";
  return exitCode === EXIT.failed && said.includes("expected a database")
    ? "database away"
    : undefined;
}
