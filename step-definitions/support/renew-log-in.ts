import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:tls";

const HOST = "platform.claude.com";
const PATH = "/v1/oauth/token";

/** Asks the vendor for new tokens through the agent's proxy, as Claude Code does. */
export async function renewLogIn(refreshToken: string): Promise<Record<string, unknown>> {
  const { hostname, port, username, password } = new URL(process.env["HTTPS_PROXY"] ?? "");
  const credential = Buffer.from(`${username}:${password}`).toString("base64");
  const asking = request({
    hostname,
    port,
    method: "CONNECT",
    path: `${HOST}:443`,
    headers: { "proxy-authorization": `Basic ${credential}` },
  }).end();
  const socket = await new Promise<Socket>((resolve, reject) => {
    asking.once("connect", (_, opened: Socket) => resolve(opened)).once("error", reject);
  });
  const secure = connect({ socket, servername: HOST });
  await once(secure, "secureConnect");
  const body = JSON.stringify({ grant_type: "refresh_token", refresh_token: refreshToken });
  const asked = request({
    createConnection: () => secure,
    host: HOST,
    path: PATH,
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  asked.end(body);
  return await new Promise((resolve, reject) => {
    asked.once("error", reject).once("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.once("end", () => resolve(JSON.parse(text)));
    });
  });
}
