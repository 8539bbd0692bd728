import { BENCHES, LONG } from "./benches.ts";

// With names on the command line only those are run: npm run bench -- overhead
const chosen = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length > 0 ? !chosen.includes(name) : LONG.has(name)) continue;
  process.stdout.write(`## ${name}\n`);
  for await (const line of await bench(chosen)) process.stdout.write(`${line}\n`);
}
