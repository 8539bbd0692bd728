import { sum } from "simple-statistics";

import { FailedError } from "../../../../ledger/domain/errors.ts";
import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { askProxies, type RunningProxy } from "../../../experiment/serving/proxy-notice.ts";
import { sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { proxyStatus as definition } from "./definition.ts";

/** No proxy runs in this data folder. */
class NoProxyError extends FailedError {}

/** Shows the status of every running proxy of the data folder. */
export const proxyStatus: CodeOf<typeof definition> = async (options, environment) => {
  const folder = locateDataFolder(options.dataDir, environment);
  const proxies = await askProxies(folder);
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

function describe(
  { origin, pid, in_flight, windows, upstreams, budgets }: RunningProxy,
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
function sayRefusal(refusal: RunningProxy["budgets"][number]["refusal"]): string {
  if (refusal === null) return "nothing";
  return refusal.freesAtMs === null
    ? "until it is raised"
    : `room at ${timestampOf(refusal.freesAtMs)}`;
}
