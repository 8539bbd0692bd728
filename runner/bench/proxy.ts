import { benchSize } from "./bench-size.ts";
import { hammer, quantile } from "./proxy/hammer.ts";
import { loadBody } from "./proxy/load-body.ts";
import { measureMitm } from "./proxy/measure-mitm.ts";
import { cpuMsOf, memoryMiBOf } from "./proxy/process-figures.ts";
import { startNginx } from "./proxy/serve-nginx.ts";
import { type ServerProcess, startServer } from "./proxy/server-process.ts";
import { startNpmPeers } from "./proxy/start-npm-peers.ts";
import { startProduct } from "./proxy/start-product.ts";

const LONG_MS = benchSize({ full: 3000, short: 100, variable: "BENCH_MS" });
const SHORT_MS = LONG_MS / 2;
/** Long enough for one stream to begin, and too short for a second one. */
const STREAM_MS = 100;
const CONNECTIONS = 16;
const STREAM_MIB = benchSize({ full: 1024, short: 8 });
const BYTES_PER_MIB = 1024 ** 2;
const BODY = loadBody();
const TARGETS =
  "targets: JSON 5500/s and 0.30 ms CPU a request; first byte 0.6 ms over direct; 3000 streams/s; gap +1 ms; MITM 1.0 ms; 150 MiB";

/** The proxy between load and model, compared with no proxy and with other forwarders. */
export async function* benchProxy(): AsyncGenerator<string> {
  const model = await startServer("serve-model.ts");
  const origin = `http://127.0.0.1:${String(model.port)}`;
  const { peers, absent } = await startPeers(model, origin);
  try {
    const direct = await measure("direct", model);
    yield describe(direct, direct);
    for (const [name, peer] of peers) {
      yield describe(await measure(name, peer), direct);
    }
    yield* await measureMitm();
    yield await weigh(origin);
    if (absent.length > 0) yield `not measured: ${absent.join(", ")}`;
    yield TARGETS;
  } finally {
    await Promise.all([model, ...peers.values()].map((server) => server.stop()));
  }
}

/** Those that are installed; the others by their names. */
async function startPeers(model: ServerProcess, origin: string) {
  const peers = new Map<string, ServerProcess>();
  const nginx = await startNginx(origin, model.path);
  if (nginx !== null) peers.set("nginx", nginx);
  peers.set("bare node:http", await startServer("serve-bare.ts", [origin]));
  const { running, absent } = await startNpmPeers();
  // They are forward proxies: they are told in every request where it goes.
  for (const [name, peer] of running) peers.set(name, { ...peer, path: `${origin}${model.path}` });
  peers.set("counterbalance", await startServer("serve-ours.ts", [origin]));
  return { peers, absent: [...(nginx === null ? ["nginx (not on the PATH)"] : []), ...absent] };
}

interface Figures {
  readonly name: string;
  readonly jsonPerSecond: number;
  readonly cpuMs: number;
  readonly jsonP50Ms: number;
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
  readonly streamsPerSecond: number;
  readonly streamCpuMs: number;
  readonly memoryMiB: number;
  readonly pacedGapMs: number;
}

async function measure(name: string, server: ServerProcess): Promise<Figures> {
  const shoot = async (query: string, connections: number, durationMs: number) =>
    await hammer({
      port: server.port,
      path: `${server.path}?${query}`,
      body: BODY,
      connections,
      durationMs,
    });
  await shoot("json", CONNECTIONS, SHORT_MS);
  const cpuBefore = cpuMsOf(server.pid);
  const many = await shoot("json", CONNECTIONS, LONG_MS);
  const cpuMs = (cpuMsOf(server.pid) - cpuBefore) / many.requests;
  const one = await shoot("json", 1, SHORT_MS);
  await shoot("sse", CONNECTIONS, SHORT_MS / 2);
  const stream = await shoot("sse", 1, SHORT_MS);
  const streamCpuBefore = cpuMsOf(server.pid);
  const streams = await shoot("sse", CONNECTIONS, LONG_MS);
  const streamCpuMs = (cpuMsOf(server.pid) - streamCpuBefore) / streams.requests;
  const paced = await shoot("paced", 1, SHORT_MS);
  return {
    name,
    jsonPerSecond: many.perSecond,
    cpuMs,
    jsonP50Ms: quantile(one.totalMs, 0.5),
    firstByteP50Ms: quantile(stream.firstByteMs, 0.5),
    firstByteP99Ms: quantile(stream.firstByteMs, 0.99),
    streamsPerSecond: streams.perSecond,
    streamCpuMs,
    memoryMiB: memoryMiBOf(server.pid).now,
    pacedGapMs: quantile(paced.largestGapMs, 0.5),
  };
}

function describe(figures: Figures, direct: Figures): string {
  const { name, jsonPerSecond, cpuMs, streamsPerSecond, streamCpuMs, memoryMiB } = figures;
  const over = figures.firstByteP50Ms - direct.firstByteP50Ms;
  const ratio = (part: "jsonPerSecond" | "streamsPerSecond"): string =>
    `${((100 * figures[part]) / direct[part]).toFixed(0)} %`;
  return [
    `${name}: 50 KB JSON c${String(CONNECTIONS)} ${jsonPerSecond.toFixed(0)}/s (${ratio("jsonPerSecond")} of direct)`,
    ...(name === "direct"
      ? []
      : [
          `${cpuMs.toFixed(3)} ms CPU a request, ${streamCpuMs.toFixed(3)} a stream, ${memoryMiB.toFixed(0)} MiB`,
        ]),
    `c1 p50 ${figures.jsonP50Ms.toFixed(2)} ms`,
    `SSE first byte p50 ${figures.firstByteP50Ms.toFixed(2)} ms (+${over.toFixed(2)}), p99 ${figures.firstByteP99Ms.toFixed(1)} ms`,
    `c${String(CONNECTIONS)} ${streamsPerSecond.toFixed(0)} streams/s (${ratio("streamsPerSecond")})`,
    `paced stream, largest gap ${figures.pacedGapMs.toFixed(1)} ms (${signed(figures.pacedGapMs - direct.pacedGapMs)})`,
  ].join("; ");
}

function signed(ms: number): string {
  return `${ms < 0 ? "" : "+"}${ms.toFixed(1)}`;
}

/** Memory of `experiment proxy` itself, its ledger included, under load and after one stream of a gigabyte. */
async function weigh(origin: string): Promise<string> {
  const product = await startProduct(origin);
  const { port, path, pid, isBuilt } = product;
  try {
    const idle = memoryMiBOf(pid);
    const load = { port, body: BODY, connections: CONNECTIONS, durationMs: LONG_MS };
    await hammer({ ...load, path: `${path}?json` });
    await hammer({ ...load, path: `${path}?sse` });
    const busy = memoryMiBOf(pid);
    const big = { ...load, connections: 1, durationMs: STREAM_MS };
    const stream = await hammer({
      ...big,
      path: `${path}?bytes=${String(STREAM_MIB * BYTES_PER_MIB)}`,
    });
    const seconds = quantile(stream.totalMs, 0.5) / 1000;
    return (
      `experiment proxy (${isBuilt ? "built" : "from source"}): ${idle.now.toFixed(0)} MiB idle, ` +
      `${busy.now.toFixed(0)} MiB after the requests (peak ${busy.peak.toFixed(0)}), ` +
      `peak ${memoryMiBOf(pid).peak.toFixed(0)} MiB after a stream of ${String(STREAM_MIB)} MiB in ${seconds.toFixed(1)} s`
    );
  } finally {
    await product.stop();
  }
}
