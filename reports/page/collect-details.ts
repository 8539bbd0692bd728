import type { Row } from "../../ledger/domain/row.ts";
import type { WindowFinalized } from "../../ledger/domain/window.ts";
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
  const scenarios = new ScenarioList();
  for (const row of rows) {
    const place = places.get(row.id);
    if (place === undefined) continue;
    // The view keeps a row as final only if it has this schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const final = row as unknown as WindowFinalized;
    const team = worked.get(keyOf(final));
    details[place] = {
      ...detailOf(final),
      scenarios: final.scenarios.map((one) => scenarios.add(scenarioOf(one))),
      team: team === undefined ? null : { turns: team.turns, returns: team.returns },
    };
  }
  return { scenarios: scenarios.all, windows: details };
}

function keyOf({ window, provider }: Pick<WindowFinalized, "window" | "provider">): string {
  return JSON.stringify([window, provider]);
}

function detailOf(final: WindowFinalized): Omit<WindowDetail, "scenarios" | "team"> {
  const { churn, timings, machine } = final;
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
    machine: machine === undefined ? null : `${machine.worker} (${machine.class})`,
    meters: metersOf(final),
  };
}

class ScenarioList {
  readonly all: ListedScenario[] = [];
  readonly #places = new Map<string, number>();

  /** Returns the scenario's place. */
  add(scenario: ListedScenario): number {
    const { name, suite, status, message = "" } = scenario;
    const key = [name, suite, status, message].join("\0");
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.all.push(scenario) - 1;
    this.#places.set(key, place);
    return place;
  }
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
