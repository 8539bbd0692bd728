import { isManual } from "../../../ledger/domain/design.ts";
import { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { readSince } from "../../../ledger/store/read-since.ts";
import type { LedgerReader, LedgerStore } from "../../../ledger/store/store.ts";
import { type Prompt, promptOf, sumTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import { idOf, idOfRow, keyFields, type ManualWindow } from "./manual-window.ts";
import { WindowBusyError } from "./tracker-errors.ts";
import { tryAgain } from "./tracker.ts";

const FILE = "proxy_telemetry";
const SUM = "window_traffic_summed";
/** The proxy does not know which feature is worked. */
const FEATURE = "manual";

/** The traffic of one window in the ledger. */
export interface ManualTraffic {
  readonly key: ManualWindow;
  readonly prompts: Prompt[];
  /** When the first request came. */
  firstAt?: string;
  /** The earlier sum. */
  former?: string;
}

/**
 * Sums up all traffic of manual windows in the ledger, whichever proxy it came through. The sum replaces
 * an earlier one.
 */
export async function sumManualTraffic(
  store: LedgerStore,
  windows: readonly ManualWindow[],
): Promise<readonly ManualTraffic[]> {
  if (windows.length === 0) return [];
  return await tryAgain(async () => {
    const { end } = store.readFrom(FILE);
    const traffic = readTraffic(store, windows);
    const unless = (ledger: LedgerReader) =>
      [...readSince(ledger, FILE, end).rows].some(({ record }) => record === SUM)
        ? new WindowBusyError(
            `${FILE}.jsonl: other proxies keep summing up the same windows. Try again.`,
          )
        : undefined;
    await store.append(FILE, traffic.map(sumRow), { unless });
    return traffic;
  });
}

function readTraffic(
  ledger: LedgerReader,
  windows: readonly ManualWindow[],
): readonly ManualTraffic[] {
  const traffic = new Map(
    windows.map((key): [string, ManualTraffic] => [idOf(key), { key, prompts: [] }]),
  );
  for (const row of ledger.read(FILE)) {
    const of = isManual(row) ? traffic.get(idOfRow(row)) : undefined;
    if (of === undefined) continue;
    if (row.record === SUM) of.former = row.id;
    const request = ProxiedRequest.safeParse(row);
    const prompt = request.success ? promptOf(request.data) : null;
    if (!request.success || prompt === null) continue;
    of.prompts.push(prompt);
    const { timestamp } = request.data;
    if (of.firstAt === undefined || timestamp < of.firstAt) of.firstAt = timestamp;
  }
  return [...traffic.values()];
}

function sumRow({ key, prompts, former }: ManualTraffic): NewRow {
  return {
    record: SUM,
    ...keyFields(key, FEATURE),
    ...sumTraffic(prompts),
    ...(former === undefined ? {} : { supersedes: former }),
  };
}
