import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectTls } from "node:tls";

import { systemClock } from "../../environment.ts";
import { openAuthority } from "../../proxy/mitm/authority.ts";
import { hammer, quantile } from "./hammer.ts";
import { loadBody } from "./load-body.ts";
import { startServer } from "./server-process.ts";

const DURATION_MS = 2000;
const ROUNDS = 3;
const BODY = loadBody(1024);

/** First byte of a stream by TLS, direct and through `HTTPS_PROXY`, one connection kept alive, 1 KB requests. */
export async function measureMitm(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-mitm-"));
  const authority = await openAuthority(folder, systemClock);
  const ca = readFileSync(authority.certificateFile, "utf8");
  const trusting = { NODE_EXTRA_CA_CERTS: authority.certificateFile };
  const model = await startServer("serve-model.ts", [folder]);
  const vendor = `localhost:${String(model.port)}`;
  const ours = await startServer("serve-ours.ts", [`https://${vendor}`, folder], trusting);
  const key = ours.path.split("/")[2] ?? "";
  const doors = {
    direct: async () => await secured(connect(model.port, "127.0.0.1"), ca),
    ours: async () => await secured(await throughProxy(ours.port, vendor, key), ca),
  };
  try {
    const over: number[] = [];
    let directMs = Number.NaN;
    for (let round = 0; round < ROUNDS; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in turn, so that both meet the same machine
      directMs = await firstByteP50(doors.direct);
      // oxlint-disable-next-line no-await-in-loop
      over.push((await firstByteP50(doors.ours)) - directMs);
    }
    const best = Math.min(...over);
    return (
      `MITM: SSE first byte p50 +${best.toFixed(2)} ms over direct TLS (${directMs.toFixed(2)} ms), ` +
      `${String(ROUNDS)} rounds: ${over.map((ms) => ms.toFixed(2)).join(", ")}`
    );
  } finally {
    await Promise.all([model.stop(), ours.stop()]);
    rmSync(folder, { recursive: true });
  }
}

async function firstByteP50(open: () => Promise<Socket>): Promise<number> {
  const load = { port: 0, path: "/v1/messages?sse", body: BODY, connections: 1, open };
  await hammer({ ...load, durationMs: DURATION_MS / 4 });
  return quantile((await hammer({ ...load, durationMs: DURATION_MS })).firstByteMs, 0.5);
}

async function secured(socket: Socket, ca: string): Promise<Socket> {
  const secure = connectTls({ socket, ca, servername: "localhost" });
  await once(secure, "secureConnect");
  secure.setNoDelay(true);
  return secure;
}

async function throughProxy(port: number, target: string, key: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const credential = Buffer.from(`${key}:`).toString("base64");
  const head = `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n`;
  socket.write(`${head}proxy-authorization: Basic ${credential}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  if (!String(answer).startsWith("HTTP/1.1 200")) throw new Error(`Not let in: ${String(answer)}`);
  return socket;
}
