import type { PoolClient } from "pg";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { reasonOf } from "../../../ledger/domain/errors.ts";
import { CONNECTIONS_MAX, Database } from "../../../ledger/store/postgres/database.ts";
import { type Durability, readDurability } from "../../../ledger/store/postgres/durability.ts";
import { SCHEMA_VERSION, versionIn } from "../../../ledger/store/postgres/migrations.ts";
import type { StoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import type { CheckedPart } from "../../plan/providers/checked-part.ts";
import { CLOCK_MS_MAX, clockOff } from "./prove-machine.ts";
import { SCHEMA } from "./queue-names.ts";

const OLDEST = 130_000;
const MAJOR = 10_000;
/** A coordinator has one more, which hears of windows that are done. */
const OF_COORDINATOR = CONNECTIONS_MAX + 1;
const MS_PER_SECOND = 1000;

interface StoreCheck {
  readonly address: StoreAddress;
  readonly clock: Clock;
  /** How many workers there will be; by default those that are there now, and at least one. */
  readonly workers: number | undefined;
}

/** Looks at everything that a store needs. It writes nothing. */
export async function checkStore({
  address,
  clock,
  workers,
}: StoreCheck): Promise<readonly CheckedPart[]> {
  const database = new Database(address, "counterbalance doctor");
  try {
    const found = await database.connected(async (client) => await look(client));
    const planned = workers ?? Math.max(1, found.workers);
    return [
      server(found),
      writes(found),
      encryption(found),
      encoding(found),
      role(found),
      schema(found),
      ...protection(found),
      queue(found),
      connections(found, planned),
      clockPart(await clockOff(clock, database)),
      ...durability(found.durability),
    ];
  } catch (error) {
    const mend = reasonOf(error);
    return [{ part: "server", state: "missing", found: "can't be used", mend }];
  } finally {
    await database.close();
  }
}

type Found = Awaited<ReturnType<typeof look>>;

async function look(client: PoolClient) {
  const { rows } = await client.query<ServerRow>(SERVER);
  const [row] = rows;
  if (row === undefined) throw new Error("The server says nothing of itself.");
  const rights = await readRights(client);
  const mayRead = rights?.may_read === true;
  return {
    ...row,
    rights,
    version: mayRead ? await versionIn(client) : undefined,
    disabled: mayRead ? await readDisabled(client) : [],
    workers: mayRead ? await countWorkers(client) : 0,
    queue: await readQueue(client),
    durability: await readDurability(client),
  };
}

interface ServerRow {
  readonly number: number;
  readonly shown: string;
  readonly is_standby: boolean;
  readonly is_read_only: boolean;
  readonly encoding: string;
  readonly tls: string | null;
  readonly is_local: boolean;
  readonly connections_max: number;
  readonly others: number;
  readonly role: string;
  readonly may_create: boolean;
}

const SERVER = `
  select current_setting('server_version_num')::int as number, current_setting('server_version') as shown,
    pg_is_in_recovery() as is_standby, current_setting('transaction_read_only') = 'on' as is_read_only,
    current_setting('server_encoding') as encoding,
    (select version || ' ' || cipher from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls,
    coalesce(inet_client_addr() <<= '127.0.0.0/8' or inet_client_addr() = '::1', true) as is_local,
    (select least(
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0),
       nullif(datconnlimit, -1)) from pg_database where datname = current_database()) as connections_max,
    (select count(*)::int from pg_stat_activity a where coalesce(backend_type, 'client backend') = 'client backend'
      and datid is not null and (application_name not like 'counterbalance%' or datname <> current_database())) as others,
    current_user as role, has_database_privilege(current_database(), 'create') as may_create`;

interface Rights {
  readonly owns: boolean;
  readonly may_read: boolean;
  readonly may_work: boolean;
  readonly may_record: boolean;
}

/** Undefined if the database has no store. Functions are looked for by name: an earlier store has none of them. */
async function readRights(client: PoolClient): Promise<Rights | undefined> {
  const { rows } = await client.query<Rights>(`
    select pg_has_role(nspowner, 'usage') as owns,
      has_schema_privilege(oid, 'usage') and coalesce((select has_table_privilege(c.oid, 'select')
        from pg_class c where c.relnamespace = pg_namespace.oid and c.relname = 'ledger_rows'), false) as may_read,
      ${mayCall("take")} as may_work, ${mayCall("append")} as may_record
    from pg_namespace where nspname = 'counterbalance'`);
  return rows[0];
}

function mayCall(name: string): string {
  return `coalesce((select bool_and(has_function_privilege(p.oid, 'execute')) from pg_proc p
    where p.pronamespace = pg_namespace.oid and p.proname = '${name}'), false)`;
}

/** Triggers of the ledger that somebody has switched off. */
async function readDisabled(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ tgname: string }>(
    `select tgname from pg_trigger where not tgisinternal and tgenabled not in ('O', 'A')
       and tgrelid in (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'counterbalance') order by tgname`,
  );
  return rows.map(({ tgname }) => tgname);
}

async function countWorkers(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from counterbalance.workers where seen_at > now() - interval '1 minute'",
  );
  return rows[0]?.count ?? 0;
}

/** Undefined if no run has made the queue yet. */
async function readQueue(client: PoolClient): Promise<{ readonly may_work: boolean } | undefined> {
  const { rows } = await client.query<{ may_work: boolean }>(
    `select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'update') as may_work
     from pg_namespace n join pg_class c on c.relnamespace = n.oid and c.relname = 'job'
     where n.nspname = '${SCHEMA}'`,
  );
  return rows[0];
}

function server({ number, shown }: Found): CheckedPart {
  const found = `PostgreSQL ${shown}`;
  if (number >= OLDEST) return ok("server", found);
  const mend = `A store needs PostgreSQL ${String(OLDEST / MAJOR)} or later.`;
  return { part: "server", state: "missing", found, mend };
}

function writes({ is_standby: isStandby, is_read_only: isReadOnly }: Found): CheckedPart {
  if (!isStandby && !isReadOnly) return ok("writes", "taken");
  const found = isStandby ? "none: it follows another server" : "none: it is read-only";
  const mend = isStandby
    ? "Name the server that takes writes."
    : "Set default_transaction_read_only to off for the database and the user.";
  return { part: "writes", state: "missing", found, mend };
}

function encryption({ tls, is_local: isLocal }: Found): CheckedPart {
  if (tls !== null) return ok("encryption", tls);
  if (isLocal) return ok("encryption", "none; the server is on this machine");
  const mend = "Add sslmode=verify-full to the address, so that nobody reads or changes rows.";
  return { part: "encryption", state: "optional", found: "none", mend };
}

function encoding({ encoding: found }: Found): CheckedPart {
  if (found === "UTF8") return ok("encoding", found);
  const mend = "Make the database so: createdb --encoding UTF8 --template template0 NAME";
  return { part: "encoding", state: "missing", found, mend };
}

function role({ role: user, rights, may_create: mayCreate }: Found): CheckedPart {
  const part = "role";
  if (rights === undefined) {
    if (mayCreate) return ok(part, `${user} may make the tables`);
    const mend = `Let the database's owner run: grant create on database NAME to ${user}`;
    return { part, state: "missing", found: `${user} may make no tables`, mend };
  }
  if (rights.owns) return ok(part, `${user} owns the tables, and can coordinate`);
  const can = [
    ...(rights.may_work ? ["work windows"] : []),
    ...(rights.may_record ? ["record by hand"] : []),
  ];
  if (can.length > 0) return ok(part, `${user} can ${can.join(" and ")}`);
  const mend = `Let the owner run: grant counterbalance_worker to ${user}; or, to record by hand: grant counterbalance_recorder to ${user}`;
  const found = rights.may_read ? `${user} can only read` : `${user} has no rights`;
  return { part, state: rights.may_read ? "optional" : "missing", found, mend };
}

function schema({ rights, version }: Found): CheckedPart {
  const part = "schema";
  if (rights === undefined) return ok(part, "none yet: the first command that writes makes it");
  if (version === undefined) {
    return { part, state: "optional", found: "unknown: it can't be read", mend: null };
  }
  const found = `version ${String(version)}`;
  if (version === SCHEMA_VERSION) return ok(part, found);
  const mend =
    version < SCHEMA_VERSION
      ? `This program needs version ${String(SCHEMA_VERSION)}. The next command of the tables' owner brings it up to date; end the workers before.`
      : `This program knows version ${String(SCHEMA_VERSION)}. Use the program's later version.`;
  return { part, state: "missing", found, mend };
}

function protection({ rights, disabled }: Found): readonly CheckedPart[] {
  const part = "protection";
  if (rights?.may_read !== true) return [];
  if (disabled.length === 0) return [ok(part, "rows are checked, and are never changed")];
  const found = `switched off: ${disabled.join(", ")}`;
  const mend =
    "Switch it on: alter table counterbalance.ledger_rows enable trigger all. Then: experiment ledger verify";
  return [{ part, state: "missing", found, mend }];
}

function queue({ queue: found, rights, role: user }: Found): CheckedPart {
  const part = "queue";
  if (found === undefined) return ok(part, "none yet: the first run makes it");
  if (found.may_work) return ok(part, `${user} can take windows`);
  if (rights?.may_work !== true) return ok(part, "there; only workers use it");
  const mend = "Begin a run as the tables' owner: it gives the role its rights.";
  return { part, state: "missing", found: `${user} may not use it`, mend };
}

function connections({ connections_max: most, others }: Found, workers: number): CheckedPart {
  const needed = CONNECTIONS_MAX * workers + OF_COORDINATOR;
  const part = "connections";
  const planned = `${String(CONNECTIONS_MAX)} × ${String(workers)} for workers and ${String(OF_COORDINATOR)} for a run`;
  const found = `${String(most)}, others use ${String(others)}; needed: ${planned}`;
  if (needed + others <= most) return ok(part, found);
  const mend =
    "Raise max_connections and the database's own limit, or start fewer workers: each needs 4.";
  return { part, state: "missing", found, mend };
}

function clockPart(offMs: number): CheckedPart {
  const seconds = (Math.abs(offMs) / MS_PER_SECOND).toFixed(1);
  const found = `${seconds} s off the server's`;
  if (Math.abs(offMs) <= CLOCK_MS_MAX) return ok("clock", found);
  const mend = "At most 2 s are allowed. Let both follow a time server.";
  return { part: "clock", state: "missing", found, mend };
}

function durability({ synchronousCommit, risks }: Durability): readonly CheckedPart[] {
  const isRaised = synchronousCommit === "off";
  const commits = isRaised ? "off; this program commits with on" : synchronousCommit;
  const settings = ["fsync", "full_page_writes"].map((part): CheckedPart => {
    const risk = risks.find(({ setting }) => setting === part)?.risk;
    if (risk === undefined) return ok(part, "on");
    return {
      part,
      state: "optional",
      found: `off: ${risk}`,
      mend: "Switch it on, and restart the server.",
    };
  });
  return [ok("synchronous_commit", commits), ...settings];
}

function ok(part: string, found: string): CheckedPart {
  return { part, state: "ok", found, mend: null };
}
