import type { Row } from "../../ledger/domain/row.ts";
import { WindowFinalized } from "../../ledger/domain/window.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Teams } from "../report/team-data.ts";
import { countNoun } from "../text/number-text.ts";
import type { DetailData, ListedScenario, MeterChange, WindowDetail } from "./page-data.ts";

/** A failure's text is cut here: the ledger has all of it. */
const MESSAGE_MAX = 2_000;

/** What the final rows of the file `windows` say that the view does not keep. */
export function collectDetails(
  { windows }: Evidence,
  rows: Iterable<Row>,
  teams: Teams | null,
): DetailData {
  const worked = new Map(teams?.windows.map((one) => [keyOf(one), one]));
  const places = new Map(
    windows.flatMap(({ final }, place) => (final === undefined ? [] : [[final.id, place]])),
  );
  const details: (WindowDetail | null)[] = windows.map(() => null);
  for (const row of rows) {
    const place = places.get(row.id);
    if (place === undefined) continue;
    const final = WindowFinalized.safeParse(row);
    if (!final.success) continue;
    const team = worked.get(keyOf(final.data));
    details[place] = {
      ...detailOf(final.data),
      team: team === undefined ? null : { turns: team.turns, returns: team.returns },
    };
  }
  return details;
}

function keyOf({ window, provider }: Pick<WindowFinalized, "window" | "provider">): string {
  return JSON.stringify([window, provider]);
}

function detailOf(final: WindowFinalized): Omit<WindowDetail, "team"> {
  const { churn, timings } = final;
  return {
    openedAt: final.opened_at,
    endedAt: final.ended_at,
    agentMs: timings?.agent_ms ?? null,
    gradingMs: timings?.grading_ms ?? null,
    commitStart: final.commit_start,
    commitEnd: final.commit_end,
    churn:
      churn === null
        ? null
        : `${countNoun(churn.files_changed, "file")}, +${churn.insertions} −${churn.deletions} lines`,
    isolation: final.agent_isolation ?? final.isolation,
    meters: metersOf(final),
    scenarios: final.scenarios.map(scenarioOf),
  };
}

function scenarioOf({ name, suite, status, ...others }: WindowFinalized["scenarios"][number]) {
  const { message } = others;
  const listed: ListedScenario = { name, suite, status };
  return typeof message === "string"
    ? { ...listed, message: message.slice(0, MESSAGE_MAX) }
    : listed;
}

function metersOf({ meters, capacity }: WindowFinalized): readonly MeterChange[] {
  const names = [...new Set([...meters.before, ...meters.after].map(({ name }) => name))];
  return names.map((name) => {
    const [before, after] = [meters.before, meters.after].map((side) =>
      side.find((meter) => meter.name === name),
    );
    return {
      name,
      unit: after?.unit ?? before?.unit ?? "",
      before: before?.used ?? null,
      after: after?.used ?? null,
      delta: capacity.find((one) => one.name === name)?.delta ?? null,
    };
  });
}
