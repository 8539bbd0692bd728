import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { closeServer, openPort } from "./listen-on-loopback.ts";

/** What the server shows. */
export interface ServedReport {
  /** The page as it is now. */
  readonly page: () => Promise<string>;
  /** The papers of one window as JSON; null for a place without a window. */
  readonly papers: (place: number) => Promise<string | null>;
  /** Calls back whenever the experiment has moved on, until the returned function is called. */
  readonly watch: (changed: () => void) => () => void;
}

export interface PageServer {
  readonly address: string;
  readonly close: () => Promise<void>;
}

const HOST = "127.0.0.1";
/** Everything that the meta element of the page says holds as well. */
const HEADERS = {
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * Serves a report on loopback. Only requests with the token are answered, and only under the server's own
 * name: another site could make a browser send requests under a name of its own that leads here.
 */
export async function servePage(
  report: ServedReport,
  { port, token }: { readonly port: number; readonly token: string },
): Promise<PageServer> {
  const server = createServer((request, response) => {
    void answer(report, token, { request, response, server });
  });
  const origin = await openPort(server, port);
  return { address: `${origin}/?token=${token}`, close: () => closeServer(server) };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

async function answer(report: ServedReport, token: string, exchange: Exchange): Promise<void> {
  const { request, response, server } = exchange;
  try {
    const url = readUrl(request.url ?? "");
    const fault = refusal(request, url, { token, port: portOf(server) });
    if (fault !== null) return end(response, textAnswer(fault, "Refused."));
    if (url.pathname === "/events") return follow(report, response);
    end(response, await find(report, url));
  } catch (error) {
    end(response, textAnswer(500, error instanceof Error ? error.message : String(error)));
  }
}

/** Only a path is read: with another form of target, `new URL` would take a part of it for a host. */
function readUrl(target: string): URL {
  return new URL(`http://${HOST}${target.startsWith("/") ? target : "/"}`);
}

async function find(report: ServedReport, url: URL): Promise<Answer> {
  if (url.pathname === "/") return { status: 200, type: "text/html", body: await report.page() };
  const place = Number(url.searchParams.get("place"));
  const body = url.pathname === "/papers" ? await report.papers(place) : null;
  if (body !== null) return { status: 200, type: "application/json", body };
  return textAnswer(404, "There is nothing here.");
}

function textAnswer(status: number, text: string): Answer {
  return { status, type: "text/plain", body: `${text}\n` };
}

/** The status of a refused request; null for one that may be answered. */
function refusal(
  { method, headers }: IncomingMessage,
  url: URL,
  { token, port }: { readonly token: string; readonly port: number },
): number | null {
  if (method !== "GET") return 405;
  const own = [`${HOST}:${String(port)}`, `localhost:${String(port)}`];
  if (!own.includes(headers.host ?? "")) return 403;
  return isToken(url.searchParams.get("token") ?? "", token) ? null : 403;
}

function isToken(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function follow({ watch }: ServedReport, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  response.write(": open\n\n");
  const stop = watch(() => response.write("event: changed\ndata: \n\n"));
  response.on("close", stop);
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function end(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, "content-type": `${type}; charset=utf-8` });
  response.end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
