import { benchAccuracy } from "./accuracy.ts";
import { benchAnalysis } from "./analysis.ts";
import { benchConcurrency } from "./concurrency.ts";
import { benchFirstReport } from "./first-report.ts";
import { benchGrading } from "./grading.ts";
import { benchIngest } from "./ingest.ts";
import { benchLedger } from "./ledger.ts";
import { benchOverhead } from "./overhead.ts";
import { benchOvershoot } from "./overshoot.ts";
import { benchProxyLong } from "./proxy-long.ts";
import { benchProxy } from "./proxy.ts";
import { benchRehearsal } from "./rehearsal.ts";
import { benchPreview, benchReport } from "./report.ts";
import { benchSandbox } from "./sandbox.ts";
import { benchSetup } from "./setup.ts";
import { benchSharedBudget } from "./shared-budget.ts";
import { benchStartUp } from "./start-up.ts";
import { benchWorkers } from "./workers.ts";

type Lines = Iterable<string> | AsyncIterable<string>;
/** A bench gets the words of the command line, which may name its parts. */
type Bench = (words: readonly string[]) => Lines | Promise<Lines>;

export const BENCHES: Readonly<Record<string, Bench>> = {
  "start-up": benchStartUp,
  "first-report": benchFirstReport,
  overhead: benchOverhead,
  rehearsal: benchRehearsal,
  concurrency: benchConcurrency,
  sandbox: benchSandbox,
  proxy: benchProxy,
  "proxy-long": benchProxyLong,
  accuracy: benchAccuracy,
  overshoot: benchOvershoot,
  "shared-budget": benchSharedBudget,
  grading: benchGrading,
  setup: benchSetup,
  ledger: benchLedger,
  ingest: benchIngest,
  analysis: benchAnalysis,
  report: benchReport,
  preview: benchPreview,
  workers: benchWorkers,
};

/** Minutes each: they are run only by name. */
export const LONG: ReadonlySet<string> = new Set([
  "proxy-long",
  "accuracy",
  "overshoot",
  "workers",
]);
