import { WaitingJobs, type Job } from "./waiting-jobs.ts";
import { waitAfter } from "./waits.ts";

export interface SchedulerOptions {
  tries: number;
  waitMs: number;
  waitMsMax: number;
  leaseMs: number;
  now: () => number;
}

export interface Taken {
  id: string;
  attempt: number;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #known = new Set<string>();
  readonly #waiting = new WaitingJobs();
  readonly #running = new Map<string, { job: Job; endsAt: number }>();
  #done = 0;
  #dead = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  add({ id, priority = 0, notBefore = 0 }: { id: string; priority?: number; notBefore?: number }): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    this.#waiting.put({ id, priority, place: this.#known.size, dueAt: notBefore, tries: 0 });
    return true;
  }

  take(): Taken | null {
    this.#endLeases();
    const nowMs = this.#options.now();
    const next = this.#waiting.take(nowMs);
    if (next === undefined) return null;
    const job = { ...next, tries: next.tries + 1 };
    this.#running.set(job.id, { job, endsAt: nowMs + this.#options.leaseMs });
    return { id: job.id, attempt: job.tries };
  }

  succeed(taken: Taken): boolean {
    if (this.#release(taken) === undefined) return false;
    this.#done += 1;
    return true;
  }

  fail(taken: Taken): boolean {
    const job = this.#release(taken);
    if (job === undefined) return false;
    this.#tryAgain(job, this.#options.now() + waitAfter(job.tries, this.#options));
    return true;
  }

  counts(): { waiting: number; running: number; done: number; dead: number } {
    this.#endLeases();
    return { waiting: this.#waiting.size, running: this.#running.size, done: this.#done, dead: this.#dead };
  }

  nextAt(): number | null {
    this.#endLeases();
    const ends = [...this.#running.values()]
      .filter(({ job }) => job.tries < this.#options.tries)
      .map(({ endsAt }) => endsAt);
    const times = [...this.#waiting.dueTimes(), ...ends];
    return times.length === 0 ? null : Math.max(this.#options.now(), Math.min(...times));
  }

  #release({ id, attempt }: Taken): Job | undefined {
    this.#endLeases();
    const job = this.#running.get(id)?.job;
    if (job?.tries !== attempt) return undefined;
    this.#running.delete(id);
    return job;
  }

  #tryAgain(job: Job, dueAt: number): void {
    if (job.tries < this.#options.tries) this.#waiting.put({ ...job, dueAt });
    else this.#dead += 1;
  }

  #endLeases(): void {
    for (const { job, endsAt } of [...this.#running.values()]) {
      if (endsAt > this.#options.now()) continue;
      this.#running.delete(job.id);
      this.#tryAgain(job, endsAt);
    }
  }
}
