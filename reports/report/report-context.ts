import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { describeQuestion } from "./describe-question.ts";
import { indexTouches, type Touches } from "./index-touches.ts";
import { listWindows, type ObservedWindow } from "./list-windows.ts";
import {
  readRegistration,
  readSettings,
  type Registration,
  type Settings,
} from "./registration.ts";
import type { Asked } from "./report-data.ts";

/** What every section of a report is built from. */
export interface ReportContext {
  readonly view: ExperimentView;
  readonly registration: Registration;
  /** Of the last session. */
  readonly settings: Settings;
  readonly asked: Asked;
  readonly touches: Touches;
  /** In the order of the schedule. */
  readonly windows: readonly ObservedWindow[];
}

export function createContext(view: ExperimentView): ReportContext {
  const registration = readRegistration(latestOf(view.registrations.values())?.registration);
  const settings = readSettings(latestOf(view.sessions.values())?.settings);
  const asked = describeQuestion(view, registration);
  const touches = indexTouches(view);
  const windows = listWindows({ view, registration, asked, touches });
  return { view, registration, settings, asked, touches, windows };
}
