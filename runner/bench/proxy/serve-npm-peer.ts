import { createRequire } from "node:module";
import path from "node:path";

import { announce } from "./announce.ts";

/** The part of http-mitm-proxy 1 that the bench uses. */
interface MitmProxy {
  readonly httpPort: number;
  onError(listener: () => void): void;
  listen(options: object, onListening: (error?: Error) => void): void;
}

/** The part of mockttp 4 that the bench uses. */
interface Mockttp {
  readonly port: number;
  start(): Promise<void>;
  forAnyRequest(): { thenPassThrough(): Promise<unknown> };
}

/**
 * A proxy of others as its users would start it: plain requests are forwarded, CONNECT is intercepted,
 * nothing is looked at. They are not dependencies of ours, and are loaded from a folder of their own.
 */
const [name = "", peers = "", scratch = ""] = process.argv.slice(2);
const load = createRequire(path.join(peers, "package.json"));

announce(`http://127.0.0.1:${String(await start())}/`);

async function start(): Promise<number> {
  return name === "mockttp" ? await startMockttp() : await startMitmProxy();
}

async function startMitmProxy(): Promise<number> {
  const { Proxy }: { readonly Proxy: new () => MitmProxy } = load("http-mitm-proxy");
  const proxy = new Proxy();
  proxy.onError(() => undefined);
  const options = { host: "127.0.0.1", port: 0, sslCaDir: scratch, keepAlive: true };
  await new Promise<void>((resolve, reject) => {
    proxy.listen(options, (error) =>
      error === undefined || error === null ? resolve() : reject(error),
    );
  });
  return proxy.httpPort;
}

async function startMockttp(): Promise<number> {
  const {
    generateCACertificate,
    getLocal,
  }: {
    readonly generateCACertificate: () => Promise<object>;
    readonly getLocal: (options: object) => Mockttp;
  } = load("mockttp");
  const server = getLocal({ https: await generateCACertificate(), recordTraffic: false });
  await server.start();
  await server.forAnyRequest().thenPassThrough();
  return server.port;
}
