import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectTls } from "node:tls";

import { openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { benchSize } from "../bench-size.ts";
import { hammer, quantile } from "./hammer.ts";
import { loadBody } from "./load-body.ts";
import { startServer } from "./server-process.ts";
import { startNpmPeers } from "./start-npm-peers.ts";

const DURATION_MS = benchSize({ full: 3000, short: 100, variable: "BENCH_MS" }) / 1.5;
const ROUNDS = benchSize({ full: 3, short: 1 });
const BODY = loadBody(1024);

/** First byte of a stream by TLS, direct and through `HTTPS_PROXY`, one connection kept alive, 1 KB requests. */
export async function measureMitm(): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-mitm-"));
  const authority = await openAuthority(folder, systemClock);
  const trusting = { NODE_EXTRA_CA_CERTS: authority.certificateFile };
  const model = await startServer("serve-model.ts", [folder]);
  const vendor = `localhost:${String(model.port)}`;
  const ours = await startServer("serve-ours.ts", [`https://${vendor}`, folder], trusting);
  const key = ours.path.split("/")[2] ?? "";
  const peers = await startNpmPeers(trusting);
  const proxies = new Map([...peers.running, ["counterbalance", ours] as const]);
  try {
    const over = new Map([...proxies.keys()].map((name) => [name, new Array<number>()]));
    let directMs = Number.NaN;
    for (let round = 0; round < ROUNDS; round += 1) {
      directMs = await firstByteP50(
        vendor,
        async () => await secured(connect(model.port, "127.0.0.1")),
      );
      for (const [name, { port }] of proxies) {
        const open = async () => await secured(await throughProxy(port, vendor, key));
        over.get(name)?.push((await firstByteP50(vendor, open)) - directMs);
      }
    }
    return [...over].map(
      ([name, ms]) =>
        `MITM by ${name}: SSE first byte p50 +${Math.min(...ms).toFixed(2)} ms over direct TLS ` +
        `(${directMs.toFixed(2)} ms), ${String(ROUNDS)} rounds: ${ms.map((one) => one.toFixed(2)).join(", ")}`,
    );
  } finally {
    await Promise.all([model, ...proxies.values()].map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  }
}

async function firstByteP50(host: string, open: () => Promise<Socket>): Promise<number> {
  const load = { port: 0, host, path: "/v1/messages?sse", body: BODY, connections: 1, open };
  await hammer({ ...load, durationMs: DURATION_MS / 4 });
  return quantile((await hammer({ ...load, durationMs: DURATION_MS })).firstByteMs, 0.5);
}

/** Every proxy has an authority of its own, and loopback needs none. */
async function secured(socket: Socket): Promise<Socket> {
  const secure = connectTls({ socket, rejectUnauthorized: false, servername: "localhost" });
  await once(secure, "secureConnect");
  secure.setNoDelay(true);
  return secure;
}

async function throughProxy(port: number, target: string, key: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const credential = Buffer.from(`${key}:`).toString("base64");
  const head = `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n`;
  socket.write(`${head}proxy-authorization: Basic ${credential}\r\n\r\n`);
  let answer = "";
  // Some send it line by line.
  while (!answer.endsWith("\r\n\r\n")) {
    const [piece] = await once(socket, "data");
    answer += String(piece);
  }
  if (!answer.startsWith("HTTP/1.1 200")) throw new Error(`Not let in: ${answer}`);
  return socket;
}
