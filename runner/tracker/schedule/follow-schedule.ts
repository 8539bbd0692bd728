import { existsSync } from "node:fs";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { wallClock } from "../../../ledger/domain/wall-clock.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { stampOf } from "../ingest/watched-files.ts";
import { rowsOfWindow } from "../windows/manual-window.ts";
import { fillWords, isCapture } from "./job.ts";
import { type Facts, isOpenAfter, judgeOccasion } from "./judge-occasion.ts";
import { keepResult, type OccasionResult, readResults } from "./kept-results.ts";
import { knownResets } from "./known-resets.ts";
import { writeLocalMoment } from "./local-moment.ts";
import { notify } from "./notify.ts";
import { type Occasion, pastOccasions, type PlannedReading } from "./occasions.ts";
import { type RunCommand, runJob } from "./run-job.ts";
import type { ScheduledWindow } from "./scheduled-window.ts";
import type { Schedule } from "./windows-file.ts";

/** The schedule's file as it is now. */
interface OpenedSchedule {
  readonly file: string;
  /** @throws TrackerUsageError if there is none, or with the line that is wrong. */
  readonly read: () => Schedule;
}

interface Parts {
  readonly environment: Environment;
  readonly folder: DataFolder;
  readonly timeZone: string;
  readonly bufferMs: number;
  readonly open: () => OpenedSchedule;
  /** Opens the ledger of the data folder, where there is one. */
  readonly useView: <Value>(use: (view: ExperimentView) => Value) => Promise<Value>;
  readonly run: RunCommand;
  /** Tells people what was done, and what is wrong. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

const LATE_MS = 60_000;

/** Does what is due by the schedule. Between two calls the clock may jump, and the file may change. */
export class ScheduleFollower {
  readonly #parts: Parts;
  readonly #done: Set<string>;
  /** When a schedule was at work first: a job by the clock that was due earlier is no longer asked for. */
  readonly #firstMs: number;
  /** When one was at work last: a reading that was too late even then is no longer asked for. */
  readonly #lastMs: number;
  readonly #waits = new Map<string, number>();
  #read: { readonly stamp: string; readonly schedule: Schedule };
  hasFailed = false;

  /** @throws TrackerUsageError if the file can't be read. */
  constructor(parts: Parts) {
    this.#parts = parts;
    const { folder, environment } = parts;
    const nowMs = environment.clock.nowMs();
    const { keys, firstMs = nowMs, lastMs = nowMs } = readResults(folder);
    this.#done = new Set(keys);
    this.#firstMs = Math.min(firstMs, nowMs);
    this.#lastMs = Math.min(lastMs, nowMs);
    this.#read = this.#readFile();
    const started = { key: "", title: "schedule run", command: null, exit_code: null };
    const at = timestampOf(nowMs);
    keepResult(folder, { at, outcome: "started", ...started, late_seconds: 0, said: "" });
  }

  get schedule(): Schedule {
    return this.#read.schedule;
  }

  get #windows(): readonly ScheduledWindow[] {
    return this.schedule.windows.map(({ planned }) => planned);
  }

  /** Does all that is due now, one after the other. A failure of one does not stop the others. */
  async doWhatIsDue(signal: AbortSignal): Promise<void> {
    this.#readAgain();
    const { clock } = this.#parts.environment;
    const due = pastOccasions(this.schedule, clock.nowMs(), this.#parts.timeZone).filter((one) =>
      this.#isOpen(one, clock.nowMs()),
    );
    if (due.length === 0) return;
    for (const occasion of due) {
      if (signal.aborted) return;
      await this.#judgeAndDo(occasion, signal);
    }
  }

  #isOpen({ key, plannedMs, reading }: Occasion, nowMs: number): boolean {
    if (this.#done.has(key) || (this.#waits.get(key) ?? 0) > nowMs) return false;
    if (reading === undefined) return plannedMs >= this.#firstMs;
    const { bufferMs } = this.#parts;
    return isOpenAfter(reading, this.#lastMs, { bufferMs, windows: this.#windows });
  }

  async #judgeAndDo(occasion: Occasion, signal: AbortSignal): Promise<void> {
    const judged = judgeOccasion(occasion, await this.#facts());
    switch (judged.kind) {
      case "wait": {
        this.#waits.set(occasion.key, judged.untilMs);
        const until = writeLocalMoment(judged.untilMs, this.#parts.timeZone);
        this.#say("waits", occasion.title, `until ${until}, because a limit was reset`);
        return;
      }
      case "taken": {
        this.#keep(occasion, { outcome: "taken", said: "The ledger has this reading." });
        return;
      }
      case "missed": {
        this.#keep(occasion, { outcome: "missed", said: `Too late: ${judged.reason}.` });
        return;
      }
      case "run": {
        await this.#perform(occasion, judged.lateMs, signal);
      }
    }
  }

  async #perform(occasion: Occasion, lateMs: number, signal: AbortSignal): Promise<void> {
    const { job, reading } = occasion;
    if (job === undefined) {
      await this.#remind(reading);
      this.#keep(occasion, { outcome: "reminded", lateMs, said: handCommand(reading) });
      return;
    }
    const { environment, timeZone, folder, run } = this.#parts;
    const values = {
      date: wallClock(environment.clock.nowMs(), timeZone).date,
      ...(reading === undefined ? {} : namesOf(reading)),
    };
    const variables = {
      ...environment.variables,
      TZ: timeZone,
      COUNTERBALANCE_DATA_DIR: folder.root,
      ...(reading === undefined ? {} : { AGENT_ID: reading.planned.agent }),
    };
    const { exitCode, said } = await runJob(job, { values, variables, signal, run }, environment);
    // What Ctrl-C ended is not done: the next start does it, if it is not too late then.
    if (signal.aborted) return;
    const outcome = exitCode === EXIT.done ? "done" : "failed";
    const command = fillWords([job.line], values)[0] ?? job.line;
    this.#keep(occasion, { outcome, lateMs, exitCode, said, command });
    if (outcome === "failed" && isCapture(job)) await this.#remind(reading);
  }

  async #remind(reading: PlannedReading | undefined): Promise<void> {
    if (reading === undefined) return;
    const { window, provider } = reading.planned;
    const title = `${window} (${provider}): take the reading ${reading.phase} it`;
    await notify(title, handCommand(reading), this.#parts.environment);
  }

  #keep(
    { key, title }: Occasion,
    end: Pick<OccasionResult, "outcome" | "said"> & {
      readonly lateMs?: number;
      readonly exitCode?: number;
      readonly command?: string;
    },
  ): void {
    const { outcome, said, lateMs = 0, exitCode = null, command = null } = end;
    this.#done.add(key);
    if (outcome === "failed") this.hasFailed = true;
    const at = timestampOf(this.#parts.environment.clock.nowMs());
    const late = Math.round(lateMs / 1000);
    const row = { at, outcome, key, title, command, exit_code: exitCode, late_seconds: late, said };
    keepResult(this.#parts.folder, row);
    const minutes = Math.round(lateMs / LATE_MS);
    const lateness = lateMs < LATE_MS ? [] : [`${String(minutes)} min late`];
    this.#say(outcome, title, ...lateness, ...(command === null ? [] : [command]), said);
  }

  #say(outcome: string, ...parts: readonly string[]): void {
    const { environment, timeZone, say } = this.#parts;
    const now = writeLocalMoment(environment.clock.nowMs(), timeZone);
    const line = parts.filter((part) => part !== "").join(": ");
    say(`${now}  ${outcome}  ${line}`);
  }

  async #facts(): Promise<Facts> {
    const { environment, folder, bufferMs, useView } = this.#parts;
    const base = { nowMs: environment.clock.nowMs(), bufferMs, windows: this.#windows };
    const none = { ...base, resets: () => [], isTaken: () => false };
    if (!existsSync(folder.ledger)) return none;
    try {
      return await useView((view) => ({
        ...base,
        resets: (provider: string) => knownResets(view, provider),
        isTaken: ({ planned, phase }: PlannedReading) => {
          const row = rowsOfWindow(view, { ...planned, attempt: 1 })[phase];
          // The proxy's own readings give way to a pane.
          return row !== undefined && (row.raw_sha256 !== null || row.source === "override");
        },
      }));
    } catch (error) {
      // The jobs say themselves that they can't use the ledger.
      if (error instanceof CounterbalanceError) return none;
      throw error;
    }
  }

  #readFile() {
    const { file, read } = this.#parts.open();
    return { stamp: stampOf(file), schedule: read() };
  }

  /** While a person edits the file it may be wrong or absent. The previous plan is kept. */
  #readAgain(): void {
    const { open, warn } = this.#parts;
    try {
      const stamp = stampOf(open().file);
      if (stamp === this.#read.stamp) return;
      this.#read = { ...this.#read, stamp };
      this.#read = this.#readFile();
    } catch (error) {
      if (!(error instanceof CounterbalanceError)) throw error;
      warn(`${error.message} Keeping the previous plan.`);
    }
  }
}

function namesOf({ planned: { window, agent, provider } }: PlannedReading) {
  return { window, agent, provider };
}

/** What a person runs for a reading. */
function handCommand(reading: PlannedReading | undefined): string {
  if (reading === undefined) return "";
  const { window, agent, provider } = reading.planned;
  const who = agent === "main" ? "" : ` --agent ${agent}`;
  return `experiment snapshot ${reading.phase} ${provider} --window ${window}${who}`;
}
