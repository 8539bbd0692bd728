import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { packageFolder } from "../../platform/environment/package-folder.ts";
import { type ServerProcess, untilItEnds } from "./server-process.ts";

/** `experiment proxy` as a user starts it, with a ledger of its own. */
export interface Product extends ServerProcess {
  /** Whether it is the built one; else types are stripped as it starts, which takes memory. */
  readonly isBuilt: boolean;
}

/** The built-in agent has no log-in that a proxy could pass on. */
const KEY_VARIABLE = "BENCH_KEY";

export async function startProduct(origin: string): Promise<Product> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-product-"));
  const file = path.join(folder, "experiment.yaml");
  writeFileSync(file, configuration(origin));
  const built = path.join(packageFolder(), "dist/runner/cli/main.js");
  const isBuilt = existsSync(built);
  const main = isBuilt ? built : path.join(packageFolder(), "runner/cli/main.ts");
  const args = ["proxy", "--config", file, "--data-dir", path.join(folder, "data")];
  const child = spawn(process.execPath, [main, ...args, "--provider", "bench"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...processEnvironment().variables, [KEY_VARIABLE]: "bench-key" },
    detached: true,
  });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  const { port, pathname } = new URL(await readAddress(child.stdout, untilItEnds(child)));
  return {
    isBuilt,
    port: Number(port),
    path: `${pathname}/v1/messages`,
    pid: child.pid ?? 0,
    child,
    stop: async () => {
      const ended = once(child, "exit");
      process.off("exit", end);
      end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function readAddress(output: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  let text = "";
  while (!text.includes("Ctrl-C")) {
    const [piece] = await once(output, "data", { signal });
    text += String(piece);
  }
  return /http:\S+/.exec(text)?.[0] ?? "";
}

function configuration(origin: string): string {
  const auth = `auth: env ${KEY_VARIABLE}`;
  const provider = `{ driver: builtin-agent, vendor: bench, model: model, upstream: bench, ${auth} }`;
  return [
    `upstreams: { bench: { base_url: "${origin}" } }`,
    `providers: { bench: ${provider}, other: ${provider} }`,
    "",
  ].join("\n");
}
