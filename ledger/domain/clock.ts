/** The two clocks of a run; every part takes one as an argument, so that specs can set the time. */
export interface Clock {
  /** Wall time, milliseconds since the Unix epoch. It may jump. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start; never goes back. Use it to measure durations. */
  monotonicMs(): number;
}
