/** A first Ctrl-C, for a bench that can print its figures so far; a second one ends the process. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

export function listenForInterrupt(): Interrupt {
  const interrupt = new AbortController();
  const abort = (): void => interrupt.abort();
  process.once("SIGINT", abort);
  return { signal: interrupt.signal, [Symbol.dispose]: () => void process.off("SIGINT", abort) };
}
