import { execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { env } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import type { ServerCertificate } from "./certificates.ts";
import { freePort } from "./free-port.ts";

const LOOK_MS = 50;
const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** A PostgreSQL of its own, on loopback, in a temporary folder. */
export interface PrivateCluster {
  readonly port: number;
  /** The address of a new, empty database. */
  makeDatabase(): Promise<string>;
  /** Takes everything out of a database. */
  empty(address: string): Promise<void>;
  addressOf(database: string, user?: string): string;
  /** Starts it again after `kill`, in the same folder; nothing if it runs. */
  start(): Promise<void>;
  /** As `kill -9` of the whole server. */
  kill(): Promise<void>;
  /** Stops all of its processes, as a machine that hangs: it takes connections and answers nothing. */
  pause(): void;
  goOn(): void;
  /** Copies the whole server as it is now, for `failOver`. */
  backUp(): void;
  /** Kills the server and starts its copy in its place, as a standby that lacks the last rows. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** The folder of PostgreSQL's programs; undefined if it is not installed. */
function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = [
    ...versions.map((version) => path.join(DEBIAN_FOLDER, version, "bin")),
    ...(env["PATH"] ?? "").split(path.delimiter),
  ];
  return folders.find((folder) => existsSync(path.join(folder, "initdb")));
}

/** Whether tests that need PostgreSQL run. In continuous integration they always do. */
export const HAS_POSTGRES = env["CI"] === "true" || findPostgres() !== undefined;

/** What follows the name of a test that is skipped. */
export const WITHOUT = HAS_POSTGRES ? "" : ": PostgreSQL is not installed";

/** The system keeps what a killed server has written: only a crash of the machine would need more. */
export const KILLABLE = ["fsync = off"];
/** For a server that is never killed. */
export const UNSYNCED = [...KILLABLE, "full_page_writes = off", "synchronous_commit = off"];

/** @param tls - With a certificate, the server takes only encrypted connections by TCP. */
export async function startPrivateCluster(
  settings: readonly string[] = [],
  tls?: ServerCertificate,
): Promise<PrivateCluster> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error("PostgreSQL is not installed: initdb was not found.");
  const account = serverAccount();
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-postgres-"));
  if (account.uid !== undefined && account.gid !== undefined) {
    chownSync(folder, account.uid, account.gid);
  }
  const data = path.join(folder, "data");
  execFileSync(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C"],
    { ...account, stdio: "ignore" },
  );
  const port = await freePort();
  writeFileSync(
    path.join(data, "postgresql.conf"),
    [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${folder}'`,
      "max_connections = 200",
      "shared_buffers = 64MB",
      ...settings,
      ...(tls === undefined ? [] : encrypt(data, tls, account)),
      "",
    ].join("\n"),
  );
  const server = new Server({ bin, data, port, account, folder });
  await server.start();
  let count = 0;
  const addressOf = (database: string, user = "postgres") =>
    `postgres://${user}@127.0.0.1:${port}/${database}`;
  return {
    port,
    addressOf,
    makeDatabase: async () => {
      count += 1;
      const name = `test_${count}`;
      await query(addressOf("postgres"), `create database ${name}`);
      return addressOf(name);
    },
    empty: async (address) => {
      await query(address, "drop schema counterbalance cascade");
    },
    start: () => server.start(),
    kill: () => server.end("SIGKILL"),
    pause: () => server.signal("SIGSTOP"),
    goOn: () => server.signal("SIGCONT"),
    backUp: () => server.backUp(),
    failOver: async () => await server.failOver(),
    stop: async () => {
      await server.end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends object>(
  address: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new Client({ connectionString: address });
  // The call that fails throws it too.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

interface ServerParts {
  readonly bin: string;
  readonly data: string;
  readonly port: number;
  readonly account: Account;
  /** It holds the Unix socket. */
  readonly folder: string;
}

class Server {
  readonly #parts: ServerParts;
  #process: ReturnType<typeof spawn> | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    const { bin, data, port, account, folder } = this.#parts;
    rmSync(path.join(data, "postmaster.pid"), { force: true });
    const server = spawn(path.join(bin, "postgres"), ["-D", data], {
      ...account,
      stdio: "ignore",
    });
    this.#process = server;
    for (;;) {
      try {
        await query(`postgres:///postgres?host=${folder}&port=${port}&user=postgres`, "select 1");
        return;
      } catch (error) {
        if (server.exitCode !== null) {
          throw new Error(`PostgreSQL ended with ${server.exitCode}.`, { cause: error });
        }
        await sleep(LOOK_MS);
      }
    }
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    const pid = this.#process?.pid;
    for (const one of pid === undefined ? [] : [pid, ...childrenOf(pid)])
      signalQuietly(one, signal);
  }

  backUp(): void {
    const { bin, data, port, account, folder } = this.#parts;
    const place = ["-h", folder, "-p", String(port), "-U", "postgres", "-D", `${data}-copy`];
    const args = [...place, "--checkpoint=fast", "--wal-method=stream", "--no-sync"];
    execFileSync(path.join(bin, "pg_basebackup"), args, { ...account, stdio: "ignore" });
  }

  async failOver(): Promise<void> {
    const { data } = this.#parts;
    await this.end("SIGKILL");
    rmSync(data, { recursive: true });
    renameSync(`${data}-copy`, data);
    await this.start();
  }

  /** With SIGKILL, the server's children end when they notice. */
  async end(signal: "SIGINT" | "SIGKILL"): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const children = signal === "SIGKILL" ? childrenOf(server.pid) : [];
    await new Promise((resolve) => {
      server.once("exit", resolve);
      server.kill(signal);
      for (const child of children) signalQuietly(child, "SIGKILL");
    });
    while (children.some(isAlive)) await sleep(LOOK_MS);
  }
}

/** Only the server's own account may read the key. */
function encrypt(data: string, tls: ServerCertificate, { uid, gid }: Account): readonly string[] {
  const files = { "server.crt": tls.certificate, "server.key": tls.key };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(data, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
  }
  writeFileSync(path.join(data, "pg_hba.conf"), "local all all trust\nhostssl all all all trust\n");
  return ["ssl = on"];
}

function childrenOf(pid: number | undefined): readonly number[] {
  if (pid === undefined) return [];
  try {
    return execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
      .split("\n")
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** What has ended may wait long for whoever inherited it. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [XZ] /u.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  return { uid: idOfPostgres("-u"), gid: idOfPostgres("-g") };
}

function idOfPostgres(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
}
