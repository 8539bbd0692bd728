import type { Clock } from "../../ledger/domain/clock.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { systemClock } from "../../runner/environment.ts";
import type { ExperimentWorld } from "./world.ts";

/** A clock that goes on as clocks do, from the time that a spec sets it to. */
class SetClock implements Clock {
  #aheadMs = 0;

  set(moment: string): void {
    this.#aheadMs = epochMsOf(moment) - systemClock.nowMs();
  }

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }
}

/** Sets the clock of all commands of the scenario, also of the one that is running. */
export function setClock(world: ExperimentWorld, moment: string): void {
  const clock = world.clock instanceof SetClock ? world.clock : new SetClock();
  clock.set(moment);
  world.clock = clock;
}
