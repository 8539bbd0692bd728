export interface Job {
  readonly id: string;
  readonly priority: number;
  /** The job's place in the order in which jobs came. */
  readonly place: number;
  readonly dueAt: number;
  readonly tries: number;
}

export class WaitingJobs {
  readonly #jobs: Job[] = [];

  get size(): number {
    return this.#jobs.length;
  }

  dueTimes(): number[] {
    return this.#jobs.map(({ dueAt }) => dueAt);
  }

  put(job: Job): void {
    this.#jobs.push(job);
  }

  /** Removes and returns the most urgent job that is due. */
  take(nowMs: number): Job | undefined {
    const [best] = this.#jobs.filter(({ dueAt }) => dueAt <= nowMs).sort(byUrgency);
    if (best !== undefined) this.#jobs.splice(this.#jobs.indexOf(best), 1);
    return best;
  }
}

function byUrgency(a: Job, b: Job): number {
  return b.priority - a.priority || a.place - b.place;
}
