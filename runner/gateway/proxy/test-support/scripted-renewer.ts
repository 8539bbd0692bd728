import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { systemClock } from "../../../platform/environment/environment.ts";
import { openAuthority } from "../mitm/authority.ts";

/** What the vendor's server gets of a request. */
interface AskedRenewer {
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers a request for tokens. */
export type Renew = (asked: AskedRenewer, response: ServerResponse) => void;

export interface ScriptedRenewer {
  /** Its origin, in place of that of a vendor's host. */
  readonly origin: string;
  readonly asked: readonly AskedRenewer[];
  stop(): void;
}

const NAME = "localhost";

/**
 * A vendor's server that renews log-ins, on loopback and with an authority of its own, which this process trusts
 * until it stops.
 */
export async function startRenewer(folder: string, renew: Renew): Promise<ScriptedRenewer> {
  const authority = await openAuthority(folder, systemClock);
  const context = await authority.contextFor(NAME);
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, readFileSync(authority.certificateFile, "utf8")]);
  const asked: AskedRenewer[] = [];
  const server = createServer(
    { SNICallback: (_, done) => done(null, context) },
    (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.once("end", () => {
        const { headers, url: path = "" } = request;
        const one = { host: headers.host ?? "", path, headers, body };
        asked.push(one);
        renew(one, response);
      });
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port is not known.");
  return {
    origin: `https://${NAME}:${String(address.port)}`,
    asked,
    stop: () => {
      setDefaultCACertificates(before);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Answers like the vendor: it knows some refresh tokens, and issues new ones. */
export function answerTokens(response: ServerResponse, tokens: object): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ token_type: "Bearer", expires_in: 28_800, ...tokens }));
}
