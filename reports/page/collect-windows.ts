import { countEnded } from "../../ledger/domain/request-fate.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { latestOf, type RequestFact } from "../../ledger/views/experiment-fact.ts";
import { attemptsOf, requestCounts } from "../../ledger/views/progress.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import { viewCommand } from "../evidence/run-command.ts";
import { toColumns } from "./columns.ts";
import {
  FATES,
  LIST_NAMES,
  type ListedRequest,
  type ListedWindow,
  type RequestData,
  type WindowData,
} from "./page-data.ts";

const REQUEST_NAMES = [
  "at",
  "status",
  "fate",
  "isModel",
  "latencyMs",
  "input",
  "cached",
  "output",
  "count",
] as const satisfies readonly (keyof ListedRequest)[];

/** The list of windows, in the order of the report. */
export function collectWindows(evidence: Evidence): WindowData {
  const { asked, affected, windows } = evidence;
  const titles = asked.tasks.flatMap(({ feature_id: id, title }) =>
    title === null ? [] : [[id, title] as const],
  );
  return {
    view: viewCommand(evidence),
    measure: asked.cost_measure,
    titles: Object.fromEntries(titles),
    anomalies: affected.anomalies.map(({ number, kind, action }) => ({ number, kind, action })),
    windows: toColumns(windows.map(listWindow), LIST_NAMES),
  };
}

function listWindow(observed: ObservedWindow): ListedWindow {
  const { line } = observed;
  const counts = line.state === "valid" ? requestCounts(observed) : null;
  return {
    ...line,
    errors: counts?.errors ?? null,
    requests: counts === null ? null : countEnded(counts),
  };
}

/** The requests of each window's last attempt, in the order of the list. */
export function collectRequests({ windows }: Evidence): RequestData {
  const counts: number[] = [];
  function* listRequests(): Generator<ListedRequest> {
    for (const observed of windows) {
      const attempt = shownAttempt(observed);
      const own = attempt?.requests ?? [];
      const openedMs = openedAt(attempt, own);
      counts.push(own.length);
      for (const request of own) yield listRequest(request, openedMs);
    }
  }
  const requests = toColumns(listRequests(), REQUEST_NAMES);
  return { counts, requests };
}

/** The attempt that counts, or the last one. */
function shownAttempt({ view, final }: ObservedWindow): AttemptView | undefined {
  return final === undefined ? attemptsOf(view).at(-1) : view?.attempts.get(final.attempt);
}

function openedAt(attempt: AttemptView | undefined, requests: readonly RequestFact[]): number {
  const end = latestOf(attempt?.finalized ?? []);
  const opened = end?.opened_at ?? latestOf(attempt?.opened ?? [])?.recorded_at;
  if (opened !== undefined) return epochMsOf(opened);
  return requests.reduce((first, { at_ms: at }) => Math.min(first, at), Number.MAX_SAFE_INTEGER);
}

function listRequest(request: RequestFact, openedMs: number): ListedRequest {
  const { usage } = request;
  const written = (usage?.cache_write_5m ?? 0) + (usage?.cache_write_1h ?? 0);
  return {
    at: request.at_ms - openedMs,
    status: request.status,
    fate: FATES.indexOf(request.fate),
    isModel: request.is_model,
    latencyMs: request.latency_ms,
    input: usage === null ? null : (usage.input_uncached ?? 0) + written,
    cached: usage?.cache_read ?? null,
    output: usage?.output ?? null,
    count: request.count,
  };
}
