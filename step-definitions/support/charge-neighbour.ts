import { globSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";

/** Two addresses by which the proxy knows an attempt. Each holds the attempt's key. */
interface AttemptAddresses {
  readonly base: string;
  readonly proxy: string;
}

/** How far an agent came that knows its neighbour's key. */
export interface NeighbourFindings {
  /** The status of a request to the neighbour's address. */
  readonly asked: number;
  /** The status of a connection through the neighbour's address. */
  readonly connected: number;
  /** Files that hold the neighbour's key. */
  readonly keys: readonly string[];
  readonly sockets: readonly string[];
}

/** A host that no policy allows. */
export const NEIGHBOUR_TARGET = "charged-to-the-neighbour.example";

/** Meets its neighbour at the model, learns its key, and tries to let it pay. */
export async function chargeNeighbour(): Promise<NeighbourFindings> {
  const own = {
    base: process.env["ANTHROPIC_BASE_URL"] ?? "",
    proxy: process.env["HTTPS_PROXY"] ?? "",
  };
  const met = await ask(own.base, own);
  const said: { content: [{ text: string }] } = JSON.parse(await met.text());
  const present: AttemptAddresses[] = JSON.parse(said.content[0].text);
  const neighbour = present.find(({ base }) => base !== own.base);
  if (neighbour === undefined) throw new Error("The neighbour never came.");
  const findings = {
    asked: (await ask(neighbour.base, own)).status,
    connected: await connectThrough(neighbour.proxy),
    ...lookFor(path.basename(new URL(neighbour.base).pathname)),
  };
  await ask(own.base, own);
  return findings;
}

async function ask(base: string, sender: AttemptAddresses): Promise<Response> {
  const messages = [{ role: "user", content: JSON.stringify(sender) }];
  return await fetch(`${base}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model: "any", max_tokens: 100, messages }),
  });
}

async function connectThrough(proxy: string): Promise<number> {
  const { hostname, port, username } = new URL(proxy);
  const authorization = `Basic ${Buffer.from(`${username}:`).toString("base64")}`;
  return await new Promise((resolve, reject) => {
    request({
      host: hostname,
      port,
      method: "CONNECT",
      path: `${NEIGHBOUR_TARGET}:443`,
      headers: { "proxy-authorization": authorization },
    })
      .on("connect", ({ statusCode = 0 }, socket) => {
        socket.destroy();
        resolve(statusCode);
      })
      .on("error", reject)
      .end();
  });
}

/** Everything that is not the system's. */
const PLACES = ["/run", "/tmp", "/dev", "/var", `${process.env["HOME"] ?? ""}/../..`];

function lookFor(key: string): Pick<NeighbourFindings, "keys" | "sockets"> {
  // The kind in a folder's entry is that of what a mount covers.
  const entries = PLACES.flatMap(entriesOf).flatMap((name) => {
    const stats = lstatSync(name, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ name, stats }];
  });
  const files = entries.filter(({ stats }) => stats.isFile()).map(({ name }) => name);
  const ofProcesses = globSync("/proc/[0-9]*/{environ,cmdline}");
  return {
    keys: [...files, ...ofProcesses].filter((file) => holds(file, key)),
    sockets: entries.filter(({ stats }) => stats.isSocket()).map(({ name }) => name),
  };
}

function entriesOf(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.map((name) => path.join(folder, name));
  } catch {
    // It does not exist here.
    return [];
  }
}

function holds(file: string, key: string): boolean {
  try {
    return readFileSync(file, "latin1").includes(key);
  } catch {
    return false;
  }
}
