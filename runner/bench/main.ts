import { benchAnalysis } from "./analysis.ts";
import { benchLedger } from "./ledger.ts";
import { benchOverhead } from "./overhead.ts";
import { benchProxy } from "./proxy.ts";
import { benchRehearsal } from "./rehearsal.ts";
import { benchStartUp } from "./start-up.ts";

type Bench = () => readonly string[] | Promise<readonly string[]>;

const BENCHES: Readonly<Record<string, Bench>> = {
  "start-up": benchStartUp,
  overhead: benchOverhead,
  rehearsal: benchRehearsal,
  proxy: benchProxy,
  ledger: benchLedger,
  analysis: benchAnalysis,
};

// With names on the command line only those are run: npm run bench -- overhead
const chosen = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stdout.write(`## ${name}\n`);
  // oxlint-disable-next-line no-await-in-loop -- one at a time: they share the machine
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
