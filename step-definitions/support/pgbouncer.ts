import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { freePort } from "../../ledger/store/postgres/test-support/free-port.ts";

const PLACES = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin"];
const PROGRAM = PLACES.map((folder) => path.join(folder, "pgbouncer")).find((file) =>
  existsSync(file),
);

/** Whether specs that need PgBouncer run. In continuous integration they always do. */
export const HAS_PGBOUNCER = process.env["CI"] === "true" || PROGRAM !== undefined;

const LOOK_MS = 20;

/** A PgBouncer on loopback, in front of a server whose users need no password. */
export async function startPgbouncer(serverPort: number, mode: string) {
  if (PROGRAM === undefined) throw new Error("PgBouncer is not installed.");
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-pgbouncer-"));
  // It refuses to run as root.
  chmodSync(folder, 0o755);
  const port = await freePort();
  writeFileSync(path.join(folder, "users.txt"), '"postgres" ""\n');
  const settings = path.join(folder, "pgbouncer.ini");
  writeFileSync(
    settings,
    [
      "[databases]",
      `* = host=127.0.0.1 port=${String(serverPort)}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${String(port)}`,
      "unix_socket_dir =",
      "auth_type = trust",
      `auth_file = ${path.join(folder, "users.txt")}`,
      `pool_mode = ${mode}`,
      "",
    ].join("\n"),
  );
  const account = process.getuid?.() === 0 ? ["-u", "postgres"] : [];
  const pooler = spawn(PROGRAM, ["-q", ...account, settings], { stdio: "ignore" });
  await answering(port, pooler);
  return {
    port,
    stop: async (): Promise<void> => {
      const ended = once(pooler, "exit");
      pooler.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, pooler: ChildProcess): Promise<void> {
  for (;;) {
    if (pooler.exitCode !== null)
      throw new Error(`PgBouncer ended with ${String(pooler.exitCode)}.`);
    const socket = connect(port, "127.0.0.1");
    const isThere = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(LOOK_MS);
  }
}
