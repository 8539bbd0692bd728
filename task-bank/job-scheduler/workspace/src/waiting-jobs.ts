export interface Job {
  readonly id: string;
  readonly priority: number;
  readonly dueAt: number;
  readonly tries: number;
}

export class WaitingJobs {
  readonly #jobs: Job[] = [];

  get size(): number {
    return this.#jobs.length;
  }

  has(id: string): boolean {
    return this.#jobs.some((job) => job.id === id);
  }

  dueTimes(): number[] {
    return this.#jobs.map(({ dueAt }) => dueAt);
  }

  put(job: Job): void {
    this.#jobs.push(job);
  }

  /** Removes and returns the most urgent job that is due. */
  take(nowMs: number): Job | undefined {
    const due = this.#jobs.filter(({ dueAt }) => dueAt < nowMs).sort(byUrgency);
    const best = due[0];
    if (best !== undefined) this.#jobs.splice(due.indexOf(best), 1);
    return best;
  }
}

function byUrgency(a: Job, b: Job): number {
  return a.priority < b.priority ? 1 : -1;
}
