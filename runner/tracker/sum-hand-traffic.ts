import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerReader, LedgerStore } from "../../ledger/store/store.ts";
import { type Prompt, promptOf, sumTraffic } from "../windows/sum-traffic.ts";
import { type HandWindow, keyFields } from "./hand-window.ts";
import { readSince } from "./read-since.ts";
import { WindowBusyError } from "./tracker-errors.ts";

const TRIES_MAX = 5;
const FILE = "proxy_telemetry";

/** What the ledger holds of one window's traffic. */
export interface HandTraffic {
  readonly key: HandWindow;
  readonly prompts: Prompt[];
  /** When the first of them came. */
  firstAt?: string;
  /** The row that summed it up before. */
  former?: string;
}

/** Another proxy of the same window summed it up meanwhile. */
class SumMovedError extends WindowBusyError {}

/**
 * Sums up all that the ledger knows of the traffic of windows worked by hand, whichever proxies it
 * came through; the sum takes the place of the one that was there.
 */
export async function sumHandTraffic(
  store: LedgerStore,
  windows: readonly HandWindow[],
): Promise<readonly HandTraffic[]> {
  if (windows.length === 0) return [];
  for (let attempt = 1; attempt < TRIES_MAX; attempt += 1) {
    try {
      // Each try starts from what the one before it saw.
      // oxlint-disable-next-line no-await-in-loop
      return await trySum(store, windows);
    } catch (error) {
      if (!(error instanceof SumMovedError)) throw error;
    }
  }
  return await trySum(store, windows);
}

async function trySum(
  store: LedgerStore,
  windows: readonly HandWindow[],
): Promise<readonly HandTraffic[]> {
  const { end } = store.readFrom(FILE);
  const traffic = readTraffic(store, windows);
  const rows = traffic.map(sumRow);
  const unless = (ledger: LedgerReader) => {
    const isSummed = [...readSince(ledger, FILE, end).rows].some(isSum);
    return isSummed
      ? new SumMovedError(
          `${FILE}.jsonl: other proxies keep summing up the same windows. Try again.`,
        )
      : undefined;
  };
  await store.append(FILE, rows, { unless });
  return traffic;
}

function readTraffic(ledger: LedgerReader, windows: readonly HandWindow[]): readonly HandTraffic[] {
  const traffic = new Map(
    windows.map((key): [string, HandTraffic] => [idOf(key), { key, prompts: [] }]),
  );
  for (const row of ledger.read(FILE)) {
    const of = row["experiment_id"] === MANUAL_EXPERIMENT ? traffic.get(idOf(row)) : undefined;
    if (of === undefined) continue;
    if (isSum(row)) of.former = row.id;
    const request = ProxiedRequest.safeParse(row);
    if (!request.success) continue;
    const prompt = promptOf(request.data);
    if (prompt === null) continue;
    of.prompts.push(prompt);
    const { timestamp } = request.data;
    if (of.firstAt === undefined || timestamp < of.firstAt) of.firstAt = timestamp;
  }
  return [...traffic.values()];
}

function sumRow({ key, prompts, former }: HandTraffic): NewRow {
  return {
    record: "window_traffic_summed",
    ...keyFields(key, BY_HAND),
    ...sumTraffic(prompts),
    ...(former === undefined ? {} : { supersedes: former }),
  };
}

/** A proxy does not know what is worked on. */
const BY_HAND = "manual";

function isSum({ record }: Row): boolean {
  return record === "window_traffic_summed";
}

function idOf(row: Readonly<Record<string, unknown>> | HandWindow): string {
  const { window, attempt, provider } = row;
  return JSON.stringify([window, attempt, provider]);
}
