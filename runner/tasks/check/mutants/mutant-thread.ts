/**
 * A thread that holds a mutant of a task's own solution and carries out the requests of the acceptance
 * steps, as a host does for an agent's solution.
 */
import { parentPort, workerData } from "node:worker_threads";

import { answer, load } from "../../grading/host/serve-solution.ts";
import { useStrippedFiles } from "../../grading/host/stripped-files.ts";
import type { StrippedSolution, ThreadRequest } from "./thread-message.ts";

/** A loop that passes its mutant so often never ends. */
const HITS_MAX = 100_000;

const { solution, files }: StrippedSolution = workerData;
useStrippedFiles(solution, (name) => files[name]);

parentPort?.on("message", (request: ThreadRequest) => {
  if (request.kind === "load") activate(request.mutant);
  const payload = request.kind === "load" ? load(request.module) : answer(request.payload);
  void payload.then((reply) => parentPort?.postMessage(reply, []));
});

/** The instrumented solution reads here which of its mutants is active. Without one it is the solution. */
function activate(mutant: string | null): void {
  const active = mutant === null ? {} : { activeMutant: mutant };
  Reflect.set(globalThis, "__stryker__", { ...active, hitCount: 0, hitLimit: HITS_MAX });
}
