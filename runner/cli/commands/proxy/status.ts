import { sum } from "simple-statistics";
import { request } from "undici";

import { CounterbalanceError } from "../../../../ledger/domain/errors.ts";
import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { readNotices } from "../../../experiment/serving/proxy-notice.ts";
import { sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { ProxyStatus, STATUS_PATH } from "../../../gateway/proxy/status.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { proxyStatus as definition } from "./definition.ts";

/** No proxy runs in this data folder. */
class NoProxyError extends CounterbalanceError {
  readonly exitCode = EXIT.failed;
}

const ASK_LIMIT_MS = 5000;

/** Asks every running proxy of the data folder for its status. A killed one gives no answer. */
export const proxyStatus: CodeOf<typeof definition> = async (options, environment) => {
  const folder = locateDataFolder(options.dataDir, environment);
  const answers = await Promise.all(readNotices(folder).map(ask));
  const proxies = answers.filter((answer) => answer !== null);
  if (proxies.length === 0) {
    throw new NoProxyError(
      `${folder.root}: no proxy is running here. Start one with "experiment proxy", or name its folder with --data-dir.`,
    );
  }
  const together = {
    in_flight: sum(proxies.map(({ in_flight }) => in_flight)),
    attempts: proxies.flatMap(({ attempts }) => attempts),
    windows: proxies.flatMap(({ windows }) => windows),
    upstreams: proxies.flatMap(({ upstreams }) => upstreams),
    budgets: proxies.flatMap(({ budgets }) => budgets),
    proxies,
  };
  return doneWith(options, together, () =>
    proxies.map((proxy) => describe(proxy, columnsOf(environment))).join("\n\n"),
  );
};

type Listed = NonNullable<Awaited<ReturnType<typeof ask>>>;

async function ask({ origin, key, pid }: ReturnType<typeof readNotices>[number]) {
  const answer = await request(`${origin}${STATUS_PATH}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(ASK_LIMIT_MS),
  }).catch(() => null);
  if (answer?.statusCode !== 200) return null;
  return { origin, pid, ...ProxyStatus.parse(await answer.body.json()) };
}

function describe(
  { origin, pid, in_flight, windows, upstreams, budgets }: Listed,
  columns?: number,
): string {
  const windowRows = windows.map((one) => [
    toPlainLine(one.window),
    toPlainLine(one.provider),
    String(one.requests),
    String(one.refused),
    String((one.usage.input_uncached ?? 0) + (one.usage.output ?? 0)),
  ]);
  const upstreamRows = upstreams.map((one) => [
    toPlainLine(one.name),
    String(one.requests),
    String(one.errors),
    one.last_status === null ? "none" : String(one.last_status),
    one.last_answered ?? "never",
  ]);
  const budgetRows = budgets.map((one) => [
    toPlainLine(one.name),
    one.window === null ? "all" : toPlainLine(one.window),
    sayAmount(one.unit, one.used),
    sayAmount(one.unit, one.reserved),
    one.limit === null ? "unlimited" : sayAmount(one.unit, one.limit),
    sayRefusal(one.refusal),
  ]);
  return [
    `Proxy ${origin}, process ${String(pid)}. In flight: ${String(in_flight)}`,
    plainTable(
      [["Window", "Provider", "Requests", "Refused", "Tokens (in + out)"], ...windowRows],
      { columns },
    ),
    plainTable(
      [["Upstream", "Requests", "Errors", "Last status", "Last answer"], ...upstreamRows],
      { columns },
    ),
    plainTable([["Budget", "Window", "Used", "Reserved", "Limit", "Refuses"], ...budgetRows], {
      columns,
    }),
  ].join("\n\n");
}

/** Whether a budget refuses a window's requests, and when it will have room again. */
function sayRefusal(refusal: ProxyStatus["budgets"][number]["refusal"]): string {
  if (refusal === null) return "nothing";
  return refusal.freesAtMs === null
    ? "until it is raised"
    : `room at ${timestampOf(refusal.freesAtMs)}`;
}
