import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** The folder of other proxies, e.g. after `npm install --prefix /tmp/peers mockttp`. */
const FOLDER_VARIABLE = "BENCH_PEERS";
const PEERS = ["http-mitm-proxy", "mockttp"];

/** Forward proxies, by their names with versions; and those that are not there, with why. */
export interface NpmPeers {
  readonly running: ReadonlyMap<string, ServerProcess>;
  readonly absent: readonly string[];
}

export async function startNpmPeers(
  variables: Readonly<Record<string, string>> = {},
): Promise<NpmPeers> {
  const folder = processEnvironment().variables[FOLDER_VARIABLE];
  const running = new Map<string, ServerProcess>();
  const absent: string[] = [];
  for (const name of PEERS) {
    const version = folder === undefined ? null : versionOf(folder, name);
    if (folder === undefined || version === null) {
      absent.push(`${name} (not in the folder ${FOLDER_VARIABLE}=${folder ?? ""})`);
    } else {
      running.set(`${name} ${version}`, await startPeer(name, folder, variables));
    }
  }
  return { running, absent };
}

function versionOf(folder: string, name: string): string | null {
  const file = path.join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return null;
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}

async function startPeer(
  name: string,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const scratch = mkdtempSync(path.join(tmpdir(), "counterbalance-peer-"));
  const server = await startServer("serve-npm-peer.ts", [name, folder, scratch], variables);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(scratch, { recursive: true });
    },
  };
}
