import { mkdtempSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

import { systemClock } from "../../../platform/environment/environment.ts";
import { closeServer, listenOnLoopback } from "../../../platform/http/listen-on-loopback.ts";
import { openAuthority } from "../mitm/authority.ts";

/** What somebody asked of a company's proxy. */
interface Led {
  readonly method: string;
  /** A host and a port, or a whole address. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/** The proxy of a company, on loopback: it reads all TLS with an authority of its own. */
export interface TestCompanyProxy {
  /** `http://127.0.0.1:PORT`, or with https. */
  readonly url: string;
  /** The authority's certificate, PEM. */
  readonly caFile: string;
  readonly led: readonly Led[];
  /** The hosts, as the requests say that came through. */
  readonly reached: ReadonlySet<string>;
  /** Breaks off what goes through. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

interface CompanyOptions {
  /** The proxy itself speaks TLS, as `localhost`. */
  readonly isSecure?: boolean;
  /** `user:password`; any other is answered with 407. */
  readonly user?: string;
  /** Whether TLS is read, or passed on unread. */
  readonly isReading?: boolean;
  /** The status of its answer to each CONNECT. */
  readonly status?: number;
}

/**
 * Starts the proxy. Whatever host is asked for, the requests go to one server.
 * @param origin of that server, on loopback.
 */
export async function startCompanyProxy(
  origin: string,
  { isSecure = false, user, isReading = true, status = 200 }: CompanyOptions = {},
): Promise<TestCompanyProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-company-"));
  const authority = await openAuthority(folder, systemClock);
  const own = await authority.contextFor("localhost");
  const led: Led[] = [];
  const reached = new Set<string>();
  const open = new Set<Duplex>();
  const isRefused = ({ method = "", url: target = "", headers }: IncomingMessage): boolean => {
    const authorization = headers["proxy-authorization"];
    led.push({ method, target, authorization });
    return user !== undefined && authorization !== `Basic ${btoa(user)}`;
  };
  const lead: RequestListener = (asked, answer) => {
    // What came through a tunnel has been let in already.
    if (asked.url?.startsWith("/") !== true && isRefused(asked)) answer.writeHead(407).end();
    else {
      reached.add(asked.headers.host ?? "");
      passTo(origin, asked, answer);
    }
  };
  const server = isSecure
    ? createSecureServer({ SNICallback: (_, done) => done(null, own) }, lead)
    : createServer(lead);
  server.on("connect", (asked, client: Duplex, head: Buffer) => {
    open.add(client);
    client.on("error", () => client.destroy()).once("close", () => open.delete(client));
    const given = isRefused(asked) ? 407 : status;
    client.write(`HTTP/1.1 ${String(given)} Said\r\n\r\n`);
    if (given !== 200) return void client.end();
    if (head.length > 0) client.unshift(head);
    if (isReading) void readTls(asked.url ?? "", client);
    else tunnelTo(origin, client);
  });
  const readTls = async (target: string, client: Duplex): Promise<void> => {
    const secureContext = await authority.contextFor(target.replace(/:\d+$/u, ""));
    const secure = new TLSSocket(client, { isServer: true, secureContext });
    secure.on("error", () => secure.destroy());
    inner.emit("connection", secure);
  };
  const inner = createServer(lead);
  const cut = (): void => {
    for (const client of open) client.destroy();
  };
  const place = await listenOnLoopback(server);
  return {
    url: isSecure ? place.replace("http://127.0.0.1", "https://localhost") : place,
    caFile: authority.certificateFile,
    led,
    reached,
    cut,
    stop: async () => {
      cut();
      await closeServer(server);
      rmSync(folder, { recursive: true });
    },
  };
}

function passTo(origin: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { pathname, search } = new URL(asked.url ?? "", origin);
  const { method, rawHeaders: headers } = asked;
  const passed = request(`${origin}${pathname}${search}`, { method, headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.rawHeaders);
    got.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  asked.pipe(passed);
}

function tunnelTo(origin: string, client: Duplex): void {
  const { hostname: host, port } = new URL(origin);
  const socket = new Socket().connect({ host, port: Number(port) });
  socket.on("error", () => client.destroy());
  client.pipe(socket).pipe(client);
}
