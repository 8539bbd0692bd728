import { tmpdir } from "node:os";

import { loadDuckdb } from "../../../ledger/query/load-duckdb.ts";
import { probeExecutable } from "../../agents/drivers/probe-executable.ts";
import { checkIsolation } from "../../agents/sandbox/check-isolation.ts";
import { probeBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { ROOM_BYTES_MIN, roomBelow } from "../../tasks/workspaces/workspace-room.ts";
import { noticePrices } from "../config/notice-prices.ts";
import { checkNetwork } from "./check-network.ts";
import type { CheckedPart } from "./checked-part.ts";
import { isReady, type SurveyedAgent, surveyAgents } from "./survey-agents.ts";

export interface Checkup {
  readonly couldStart: boolean;
  readonly parts: readonly CheckedPart[];
}

/** Looks at everything that an experiment needs. It spends nothing and asks no model. */
export async function checkMachine(environment: Environment, prices: PriceBook): Promise<Checkup> {
  const [agents, sandbox, git, duckdb] = await Promise.all([
    surveyAgents(environment),
    checkSandbox(environment),
    checkGit(environment),
    checkDuckdb(),
  ]);
  const machine = [sandbox, git, checkDisk(environment), duckdb];
  const installed = agents.filter(({ probe }) => probe.ready).map(({ driver }) => driver);
  const nowMs = environment.clock.nowMs();
  const notices = noticePrices({ prices, nowMs, drivers: installed });
  const parts = [
    ...agents.map(checkAgent),
    ...machine,
    ...checkNetwork(environment),
    checkPrices(prices, notices),
  ];
  const isWhole = parts.every(({ state }) => state !== "missing");
  return { couldStart: isWhole && agents.some(isReady), parts };
}

/** Each agent is optional: one of them is enough. */
function checkAgent({ driver, probe, auth, mend }: SurveyedAgent): CheckedPart {
  const part = driver.name;
  if (!probe.ready) {
    return { part, state: "optional", found: "not installed", mend: `Install: ${probe.install}` };
  }
  const { tested } = driver;
  const version =
    tested === undefined || tested === probe.version
      ? probe.version
      : `${probe.version}, tested with ${tested}`;
  if (auth === null) {
    return { part, state: "optional", found: `${version}, no log-in and no key`, mend };
  }
  const credential = auth === "inherit" ? "logged in" : auth.replace("env ", "key in ");
  return { part, state: "ok", found: `${version}, ${credential}`, mend: null };
}

function checkPrices({ name, asOf }: PriceBook, notices: readonly string[]): CheckedPart {
  const state = notices.length === 0 ? "ok" : "optional";
  const mend = notices.length === 0 ? null : notices.join(" ");
  return { part: "prices", state, found: `${name}, ${asOf ?? "undated"}`, mend };
}

export async function checkSandbox(environment: Environment): Promise<CheckedPart> {
  const part = "sandbox";
  const probe = await probeBubblewrap(environment);
  if (probe.file === undefined) {
    const found = `none, so agents could read the bank, the ledger and your keys: ${probe.lacks}`;
    return { part, state: "optional", found, mend: `${probe.mend}.` };
  }
  const walls = await checkIsolation(probe, environment);
  const stopped = walls.filter((wall) => wall.stopped).length;
  const found = `bubblewrap, ${String(stopped)} of ${String(walls.length)} ways out are closed`;
  const isClosed = stopped === walls.length;
  const mend = isClosed ? null : "See which are open: experiment doctor --isolation";
  return { part, state: isClosed ? "ok" : "missing", found, mend };
}

export async function checkGit(environment: Environment): Promise<CheckedPart> {
  const mend = "Install git: every workspace is a git repository.";
  const probe = await probeExecutable(environment, { command: "git", install: mend });
  return probe.ready
    ? { part: "git", state: "ok", found: probe.version, mend: null }
    : { part: "git", state: "missing", found: "none", mend };
}

const GIGABYTE = 1e9;
/** Less may become too little while windows work. */
const DISK_BYTES_MIN = 2 * GIGABYTE;

function checkDisk({ variables }: Environment): CheckedPart {
  const folder = variables["TMPDIR"] ?? tmpdir();
  const { bytes } = roomBelow(folder);
  if (bytes >= DISK_BYTES_MIN) {
    return { part: "disk", state: "ok", found: `enough free below ${folder}`, mend: null };
  }
  const found = `${(bytes / GIGABYTE).toFixed(1)} GB free below ${folder}`;
  const mend = "Free some space there, or name another folder with --workspace-root.";
  return { part: "disk", state: bytes < ROOM_BYTES_MIN ? "missing" : "optional", found, mend };
}

export async function checkDuckdb(): Promise<CheckedPart> {
  try {
    await loadDuckdb();
    return { part: "duckdb", state: "ok", found: "for ledger query and Parquet", mend: null };
  } catch {
    const mend = "Install it with this program: npm install @duckdb/node-api";
    return { part: "duckdb", state: "optional", found: "none, so no ledger query", mend };
  }
}
