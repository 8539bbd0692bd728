import { benchSize } from "./bench-size.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { hammer } from "./proxy/hammer.ts";
import { loadBody } from "./proxy/load-body.ts";
import { cpuMsOf, memoryMiBOf } from "./proxy/process-figures.ts";
import { startServer } from "./proxy/server-process.ts";
import { startProduct } from "./proxy/start-product.ts";

const REQUESTS = benchSize({ full: 1_000_000, short: 320, variable: "BENCH_REQUESTS" });
const SAMPLES = 10;
const CONNECTIONS = 16;
const LIMIT_MS = 30 * 60_000;

/** `experiment proxy` under a long load: its memory after each tenth of the requests, until an interrupt. */
export async function* benchProxyLong(): AsyncGenerator<string> {
  using interrupt = listenForInterrupt();
  const { signal } = interrupt;
  const model = await startServer("serve-model.ts");
  const product = await startProduct(`http://127.0.0.1:${String(model.port)}`);
  const { port, pid } = product;
  const what = product.isBuilt ? "built" : "from source";
  yield `experiment proxy (${what}), ${String(REQUESTS)} requests of 50 KB, JSON and SSE in turn, with a ledger`;
  let sent = 0;
  try {
    for (let sample = 1; sample <= SAMPLES && !signal.aborted; sample += 1) {
      const cpuBefore = cpuMsOf(pid);
      const figures = await hammer({
        port,
        path: `${product.path}?${sample % 2 === 0 ? "sse" : "json"}`,
        body: loadBody(),
        connections: CONNECTIONS,
        durationMs: LIMIT_MS / SAMPLES,
        requestsEach: Math.ceil(REQUESTS / SAMPLES / CONNECTIONS),
        signal,
      });
      const cpuMs = (cpuMsOf(pid) - cpuBefore) / figures.requests;
      const { now, peak } = memoryMiBOf(pid);
      sent += figures.requests;
      yield `${String(sent)} requests: ${now.toFixed(0)} MiB (peak ${peak.toFixed(0)}); ${figures.perSecond.toFixed(0)}/s, ${cpuMs.toFixed(3)} ms CPU each`;
    }
  } finally {
    await Promise.all([model.stop(), product.stop()]);
  }
  yield "target: flat, 150 MiB";
}
