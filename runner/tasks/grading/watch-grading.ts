import type { Clock } from "../../../ledger/domain/clock.ts";
import { GraderError, GraderStarvedError } from "./grade-result.ts";
import type { GradingSession } from "./grading-session.ts";
import type { HostPool } from "./host-pool.ts";
import { OwnTime, SAMPLE_GAP_MS_MAX, SAMPLE_MS, readProcessTree } from "./own-time.ts";
import { WALL_FACTOR } from "./solution-host.ts";

interface Watched {
  readonly session: GradingSession;
  readonly pool: HostPool;
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/**
 * Ends what takes too long. While a scenario waits for its host, time counts as the solution's own,
 * otherwise as the suite's. Time that the machine withholds counts for neither.
 */
export function watchGrading({ session, pool, timeoutMs, clock }: Watched) {
  const startedMs = clock.monotonicMs();
  const limit = `${timeoutMs / 1000} s`;
  const own = { solutionMs: 0, suiteMs: 0 };
  let suite = { pid: session.suitePid, time: new OwnTime(SAMPLE_GAP_MS_MAX) };

  function sample(): void {
    const nowMs = clock.monotonicMs();
    const solutionMs = pool.sample();
    const suiteMs = sampleSuite(nowMs);
    if (solutionMs === undefined) own.suiteMs += suiteMs;
    else own.solutionMs += solutionMs;
    session.addOwnTime(solutionMs ?? suiteMs);
    if (own.solutionMs >= timeoutMs) {
      session.failRemaining(`The solution took more than ${limit} of its own time in all.`);
      session.stop();
    } else if (own.suiteMs >= timeoutMs) {
      session.stop(new GraderError(`Grading took longer than ${limit}.`));
    } else if (nowMs - startedMs >= timeoutMs * WALL_FACTOR) {
      const used = `${((own.solutionMs + own.suiteMs) / 1000).toFixed(1)} s`;
      const wall = `${((nowMs - startedMs) / 1000).toFixed(0)} s`;
      session.stop(new GraderStarvedError(`The machine gave the grader ${used} in ${wall}.`));
    }
  }

  function sampleSuite(nowMs: number): number {
    const pid = session.suitePid;
    if (pid !== suite.pid) suite = { pid, time: new OwnTime(SAMPLE_GAP_MS_MAX) };
    return suite.time.sample(nowMs, readProcessTree(pid));
  }

  const timer = setInterval(sample, SAMPLE_MS);
  return { stop: () => clearInterval(timer) };
}
