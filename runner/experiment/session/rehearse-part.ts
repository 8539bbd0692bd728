import path from "node:path";

import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import { teamOf } from "../../plan/config/configuration.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import {
  createDataFolder,
  locateDataFolder,
  makeFolder,
  withStore,
} from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { workspacesBelow } from "../../tasks/workspaces/workspace-root.ts";
import type { Experiment } from "./prepare-experiment.ts";
import { runExperiment } from "./run-experiment.ts";
import { scriptedExperiment } from "./scripted-experiment.ts";
import type { SessionObserver } from "./session-parts.ts";
import { useExperiment } from "./start-run.ts";

/** One window, or one window of each provider. */
export type RehearsedPart = "role" | "workflow";

interface PartToCheck {
  readonly part: RehearsedPart;
  readonly experiment: Experiment;
  readonly ready: readonly ReadyProvider[];
  /** A folder that only this check uses, outside of every repository. */
  readonly folder: string;
  readonly environment: Environment;
}

/** Shows the windows while they are worked, and hears Ctrl-C. */
interface Watch {
  readonly display: {
    watch(budgets: () => readonly BudgetStatus[]): SessionObserver;
    close(): void;
  };
  readonly interrupts: {
    readonly signal: AbortSignal;
    readonly atOnce: AbortSignal;
    close(): void;
  };
}

type OpenWatch = (parts: { experiment: Experiment; view: ExperimentFold }) => Watch;

const GRADED: ReadonlySet<string> = new Set(["pass", "fail"]);

/** Works the first task with the real agents, the proxy and the grader, and a scripted model. */
export async function rehearsePart(
  { part, experiment, ready, folder, environment }: PartToCheck,
  openWatch: OpenWatch,
) {
  const scripted = scriptedExperiment(experiment, part);
  const { providers } = scripted.configuration;
  const workspaceRoot = path.join(folder, part);
  makeFolder(workspaceRoot);
  makeFolder(workspacesBelow(workspaceRoot));
  const dataFolder = path.join(folder, `${part}-data`);
  const data = locateDataFolder(dataFolder, withStore(environment, undefined));
  const own = { ...data, state: path.join(data.root, "state") };
  createDataFolder(own);
  const place = { experiment: scripted, folder: own, environment };
  return await useExperiment(place, async ({ store, view }) => {
    const { display, interrupts } = openWatch({ experiment: scripted, view });
    const firstEnded = new AbortController();
    try {
      await runExperiment({
        experiment: scripted,
        providers: withScripted(ready, scripted),
        recorder: null,
        replay: null,
        store,
        view,
        folder: own,
        workspaceRoot,
        environment,
        stopWhen: [],
        observe: (budgets) => endAfter(part, display.watch(budgets), firstEnded),
        signal: AbortSignal.any([interrupts.signal, firstEnded.signal]),
        atOnce: interrupts.atOnce,
      });
    } finally {
      display.close();
      interrupts.close();
    }
    const all = scripted.plan.sets.flatMap((set) => set.windows);
    const windows = part === "role" ? all.slice(0, 1) : all;
    return windows.map(({ window, provider, featureId }) => {
      const { outcome = "not worked", reason = null } = finalOf(view, window) ?? {};
      const roles = teamOf(providers, provider)?.roles.map(({ name }) => name) ?? [];
      return { provider, roles, featureId, outcome, reason, isGraded: GRADED.has(outcome) };
    });
  });
}

/** A session plans only whole sets, so the check of one role ends the session after the first window. */
function endAfter(
  part: RehearsedPart,
  observer: SessionObserver,
  firstEnded: AbortController,
): SessionObserver {
  if (part === "workflow") return observer;
  return {
    ...observer,
    windowEnded: (...what) => {
      observer.windowEnded(...what);
      firstEnded.abort();
    },
  };
}

function withScripted(
  ready: readonly ReadyProvider[],
  { configuration: { providers } }: Experiment,
): readonly ReadyProvider[] {
  return ready.map((one) => ({
    ...one,
    provider: providers.find(({ id }) => id === one.provider.id) ?? one.provider,
  }));
}
