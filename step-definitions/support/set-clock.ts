import type { Clock } from "../../ledger/domain/clock.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import type { ExperimentWorld } from "./world.ts";

/** A clock that runs on from the time that a spec sets. */
class SetClock implements Clock {
  #aheadMs = 0;
  #passedMs = 0;

  set(moment: string): void {
    this.#aheadMs = epochMsOf(moment) - systemClock.nowMs() - this.#passedMs;
  }

  pass(milliseconds: number): void {
    this.#passedMs += milliseconds;
  }

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs + this.#passedMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#passedMs;
  }
}

/** Sets the clock of all commands of the scenario, also of the one that is running. */
export function setClock(world: ExperimentWorld, moment: string): void {
  clockOf(world).set(moment);
}

/** Lets time pass at once for all commands of the scenario. */
export function passTime(world: ExperimentWorld, milliseconds: number): void {
  clockOf(world).pass(milliseconds);
}

function clockOf(world: ExperimentWorld): SetClock {
  const clock = world.clock instanceof SetClock ? world.clock : new SetClock();
  world.clock = clock;
  return clock;
}
