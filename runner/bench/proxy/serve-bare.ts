import { Agent, createServer, request as send } from "node:http";

import { listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { announce } from "./announce.ts";

/** The least that a forwarder in Node.js does: no key, no meter, no budget, no row. */
const [origin = ""] = process.argv.slice(2);
const { hostname, port } = new URL(origin);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const server = createServer((request, response) => {
  const { method, url, rawHeaders } = request;
  const outgoing = send(
    { agent, hostname, port, method, path: url, headers: rawHeaders },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  outgoing.on("error", () => response.destroy());
  request.pipe(outgoing);
});

announce(`${await listenOnLoopback(server)}/v1/messages`);
