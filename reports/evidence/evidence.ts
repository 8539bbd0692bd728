import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { indexAffected } from "./index-affected.ts";
import { listWindows } from "./observe-windows.ts";
import { readQuestion } from "./question.ts";
import { readRegistration, readSettings } from "./registration.ts";

/** What every section of a report, every look and every decision is made from. */
export type Evidence = ReturnType<typeof gatherEvidence>;

/** The settings are those of the last session; the windows are in the order of the schedule. */
export function gatherEvidence(view: ExperimentView) {
  const { design } = view;
  const registration = readRegistration(latestOf(view.registrations.values())?.registration);
  const settings = readSettings(latestOf(view.sessions.values())?.settings);
  const asked = readQuestion(view, registration);
  const affected = indexAffected(view);
  const windows = listWindows({ view, registration, asked, affected });
  return { view, design, registration, settings, asked, affected, windows };
}
