import type { SuiteAnswer, SuiteReport } from "./suite-message.ts";

/** The host did not give an answer: it hung, ended, or said what it must not. */
export class SolutionBrokenError extends Error {
  override readonly name = "SolutionBrokenError";
}

type Waiting = PromiseWithResolvers<Uint8Array>;

const waiting = new Map<number, Waiting>();
let lastId = 1;

process.on("message", (answer: SuiteAnswer) => {
  const { resolve, reject } = waiting.get(answer.id) ?? {};
  waiting.delete(answer.id);
  if (answer.kind === "answered") resolve?.(answer.payload);
  else reject?.(new SolutionBrokenError(answer.reason));
});

/** Tells the runner something that needs no answer. */
export function tell(report: SuiteReport): void {
  process.send?.(report);
}

/** Has the runner start a host (no payload) or pass a request on to it. Bounded by the runner's own limits. */
export async function ask(host: number, payload?: Uint8Array): Promise<Uint8Array> {
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
