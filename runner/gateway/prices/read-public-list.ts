import { readFileSync, statSync } from "node:fs";

import { Agent, fetch } from "undici";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { httpDateMs } from "../../../ledger/domain/timestamp.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import {
  assertReachable,
  type CompanyNetwork,
  hostOf,
} from "../../platform/network/company-network.ts";
import { mendOfCompany, PROXY_STATUS } from "../../platform/network/mend-network.ts";
import { openPool } from "../../platform/network/open-pool.ts";

/** The text of a public list of prices. */
interface PublicList {
  readonly text: string;
  /** When it was last changed; the present, if nobody says so. */
  readonly changedMs: number;
  /** Its path, or its address without a key or a query. */
  readonly shown: string;
}

/** Why an address gave no list. */
interface Fault {
  readonly got: string;
  /** The code of an error; empty if it has none. */
  readonly code: string;
}

const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;
const PROTOCOLS: ReadonlySet<string> = new Set(["http:", "https:"]);
const BYTES_MAX = 32 * 1024 * 1024;
const LIMIT_MS = 120_000;
/** `fetch` answers a proxy's status 407 with an error without words. */
const PROXY_ASKS_FOR_USER: Fault = { got: "status 407 of the proxy", code: `${PROXY_STATUS}407` };

/** Whether a list is named by an address, not by a path. */
export function isAddress(from: string): boolean {
  return ADDRESS.test(from);
}

/**
 * Reads a public list from a file or an address.
 * @throws ConfigurationError if it can't be read.
 */
export async function readPublicList(
  from: string,
  { nowMs, network }: { readonly nowMs: number; readonly network: CompanyNetwork },
): Promise<PublicList> {
  if (!isAddress(from)) return readCopy(from);
  assertReachable(hostOf(parseAddress(from)), network);
  const dispatcher = new Agent({ factory: (origin) => openPool(String(origin), network) });
  try {
    return await download(from, { nowMs, dispatcher });
  } finally {
    await dispatcher.destroy();
  }
}

function readCopy(file: string): PublicList {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status?.isFile() !== true) {
    throw new ConfigurationError(
      `${file}: expected a copy of a public list of prices, got ${status === undefined ? "nothing" : "no file"}. Download model_prices_and_context_window.json (LiteLLM) or api.json (models.dev) and name it, or name its address.`,
    );
  }
  if (status.size > BYTES_MAX) refuseSize(file, status.size);
  return { text: readFileSync(file, "utf8"), changedMs: status.mtimeMs, shown: file };
}

async function download(
  from: string,
  { nowMs, dispatcher }: { readonly nowMs: number; readonly dispatcher: Agent },
): Promise<PublicList> {
  const shown = plainAddress(from);
  const answer = await ask(from, shown, dispatcher);
  if (!answer.ok) refuseAnswer(shown, { got: `status ${String(answer.status)}`, code: "" });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) break;
      chunks.push(Buffer.from(chunk));
    }
  } catch (cause) {
    refuseAnswer(shown, faultOf(cause));
  }
  if (bytes > BYTES_MAX) refuseSize(shown, bytes);
  const changed = httpDateMs(answer.headers.get("last-modified") ?? "");
  return { text: Buffer.concat(chunks).toString(), changedMs: changed ?? nowMs, shown };
}

async function ask(from: string, shown: string, dispatcher: Agent) {
  try {
    return await fetch(from, { dispatcher, signal: AbortSignal.timeout(LIMIT_MS) });
  } catch (cause) {
    const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    return refuseAnswer(shown, faultOf(inner));
  }
}

function faultOf(cause: unknown): Fault {
  if (reasonOf(cause) === "") return PROXY_ASKS_FOR_USER;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // Node adds what to do to some messages, and not all of it helps here.
  return { got: reasonOf(cause).replace(/; if the root CA .*$/u, ""), code };
}

/** A message never repeats an address as it was written, because it may have a key or a password in it. */
function parseAddress(from: string): URL {
  const url = URL.parse(from);
  if (url === null || !PROTOCOLS.has(url.protocol)) {
    throw new ConfigurationError(
      "--from: expected a file, or a whole address that begins with https:// or http://, got another address. Write e.g. --from https://models.dev/api.json.",
    );
  }
  if (url.username === "" && url.password === "") return url;
  throw new ConfigurationError(
    `${plainAddress(from)}: expected an address without a name and a password, got one with them. Download the list and name the file.`,
  );
}

/** An address may have a key in it. */
function plainAddress(from: string): string {
  const { origin, pathname } = new URL(from);
  return `${origin}${pathname}`;
}

function refuseAnswer(shown: string, { got, code }: Fault): never {
  const mend = mendOfCompany(code) ?? "Check the address, or download the list and name the file.";
  throw new ConfigurationError(`${shown}: expected a public list of prices, got ${got}. ${mend}`);
}

function refuseSize(shown: string, bytes: number): never {
  throw new ConfigurationError(
    `${shown}: expected at most ${String(BYTES_MAX)} bytes, got ${bytes > BYTES_MAX ? "more" : String(bytes)}. Name a copy of a public list of prices.`,
  );
}
