/** What a command hands back; only `main.ts` prints it and exits. */
export interface Result {
  readonly exitCode: number;
  /** Printed on stdout; a closing newline is added where there is none. */
  readonly output: string;
}

/** The exit codes that scripts may rely on. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  budget: 4,
  halted: 5,
  damaged: 6,
  stayLean: 10,
  interrupted: 130,
} as const;

export function done(output: string): Result {
  return { exitCode: EXIT.done, output };
}
