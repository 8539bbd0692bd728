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
  readonly #waiting = new WaitingJobs();
  readonly #running = new Map<string, { job: Job; endsAt: number }>();
  #done = 0;
  #dead = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  add({ id, priority = 0, notBefore = 0 }: { id: string; priority?: number; notBefore?: number }): boolean {
    if (this.#waiting.has(id)) return false;
    this.#waiting.put({ id, priority, dueAt: notBefore, tries: 0 });
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
    this.#release(taken);
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
    return { waiting: this.#waiting.size, running: this.#running.size, done: this.#done, dead: this.#dead };
  }

  nextAt(): number | null {
    const ends = [...this.#running.values()].map(({ endsAt }) => endsAt);
    return Math.min(...this.#waiting.dueTimes(), ...ends);
  }

  #release({ id }: Taken): Job | undefined {
    const job = this.#running.get(id)?.job;
    this.#running.delete(id);
    return job;
  }

  #tryAgain(job: Job, dueAt: number): void {
    if (job.tries > this.#options.tries) this.#dead += 1;
    this.#waiting.put({ ...job, dueAt });
  }

  #endLeases(): void {
    for (const { job, endsAt } of [...this.#running.values()]) {
      if (endsAt > this.#options.now()) continue;
      this.#tryAgain(job, endsAt + waitAfter(job.tries, this.#options));
    }
  }
}
