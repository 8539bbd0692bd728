import type { SuiteAnswer, SuiteReport } from "./suite-message.ts";

/** The host gave no valid answer: it hung, ended, or sent something that is not allowed. */
export class SolutionBrokenError extends Error {
  override readonly name = "SolutionBrokenError";
}

/** The way to hosts that this process holds itself. */
export interface OwnHosts {
  /** Starts a host (no payload) or passes it a request. */
  readonly ask: (host: number, payload?: Uint8Array) => Promise<Uint8Array>;
  readonly close: (host: number) => void;
}

type Waiting = PromiseWithResolvers<Uint8Array>;

const waiting = new Map<number, Waiting>();
let lastId = 1;
let ownHosts: OwnHosts | undefined;

/** Replaces the runner's hosts, as the check of mutants does. */
export function holdHosts(hosts: OwnHosts): void {
  ownHosts = hosts;
}

process.on("message", (answer: SuiteAnswer) => {
  const { resolve, reject } = waiting.get(answer.id) ?? {};
  waiting.delete(answer.id);
  if (answer.kind === "answered") resolve?.(answer.payload);
  else reject?.(new SolutionBrokenError(answer.reason));
});

/** Sends the runner a report that needs no answer. */
export function tell(report: SuiteReport): void {
  process.send?.(report);
}

/** Asks the runner to start a host (no payload) or to pass it a request. The runner limits the time. */
export async function ask(host: number, payload?: Uint8Array): Promise<Uint8Array> {
  if (ownHosts !== undefined) return await ownHosts.ask(host, payload);
  lastId += 1;
  const answer = Promise.withResolvers<Uint8Array>();
  waiting.set(lastId, answer);
  tell(
    payload === undefined
      ? { kind: "host_opened", host, id: lastId }
      : { kind: "host_asked", host, id: lastId, payload },
  );
  return await answer.promise;
}

/** Ends a host. */
export function closeHost(host: number): void {
  if (ownHosts === undefined) tell({ kind: "host_closed", host });
  else ownHosts.close(host);
}
