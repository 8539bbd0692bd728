import { benchOverhead } from "./overhead.ts";
import { benchRehearsal } from "./rehearsal.ts";
import { benchStartUp } from "./start-up.ts";

const BENCHES: Readonly<Record<string, () => readonly string[]>> = {
  "start-up": benchStartUp,
  overhead: benchOverhead,
  rehearsal: benchRehearsal,
};

// With names on the command line only those are run: npm run bench -- overhead
const chosen = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stdout.write(`## ${name}\n`);
  for (const line of bench()) process.stdout.write(`${line}\n`);
}
