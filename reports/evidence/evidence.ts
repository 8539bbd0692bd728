import type { Design } from "../../ledger/domain/experiment.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { type AffectedIndex, indexAffected } from "./index-affected.ts";
import { listWindows, type ObservedWindow } from "./observe-windows.ts";
import { type Question, readManualQuestion, readQuestion } from "./question.ts";
import {
  readRegistration,
  readSettings,
  type Registration,
  type Settings,
} from "./registration.ts";

/** What every section of a report, every look and every decision is made from. */
export interface Evidence {
  readonly view: ExperimentView;
  readonly design: Design;
  readonly registration: Registration;
  /** The settings of the last session. */
  readonly settings: Settings;
  readonly asked: Question;
  readonly affected: AffectedIndex;
  /** In the order of the schedule. */
  readonly windows: readonly ObservedWindow[];
}

export function gatherEvidence(view: ExperimentView): Evidence {
  const { design } = view;
  const registration = readRegistration(latestOf(view.registrations.values())?.registration);
  const settings = readSettings(latestOf(view.sessions.values())?.settings);
  const manual = design === "manual" ? readManualQuestion(view) : null;
  const asked = readQuestion(view, registration, manual);
  const affected = indexAffected(view);
  const windows = listWindows({ view, registration, asked, affected });
  return { view, design, registration, settings, asked, affected, windows };
}
