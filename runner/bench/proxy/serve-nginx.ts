import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { ServerProcess } from "./server-process.ts";

const START_MS = 300;
const PORT = 18_473;

/** nginx before the model, one worker, unbuffered, with connections kept; null where it is not installed. */
export async function startNginx(origin: string, pathname: string): Promise<ServerProcess | null> {
  if (!isInstalled()) return null;
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-nginx-"));
  const file = path.join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, new URL(origin).host));
  const child = spawn("nginx", ["-c", file, "-p", folder], { stdio: "ignore" });
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end);
  await sleep(START_MS);
  return {
    port: PORT,
    path: pathname,
    pid: child.pid ?? 0,
    child,
    stop: async () => {
      process.off("exit", end);
      end();
      await sleep(START_MS);
    },
  };
}

function isInstalled(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** One process, so that its CPU is that process's; the folder holds all that it writes. */
function configuration(folder: string, model: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder};`)
    .join("\n");
  return `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http {
  access_log off; ${places}
  client_max_body_size 64m; client_body_buffer_size 1m; keepalive_requests 1000000;
  upstream model { server ${model}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${String(PORT)};
    location / {
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off;
    }
  }
}`;
}
