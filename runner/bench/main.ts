import { BENCHES, LONG } from "./benches.ts";

// With names on the command line only those are run: npm run bench -- overhead
const words = process.argv.slice(2);
const benches = Object.entries(BENCHES).filter(([name]) =>
  words.length > 0 ? words.includes(name) : !LONG.has(name),
);
for (const [name, bench] of benches) {
  process.stdout.write(`## ${name}\n`);
  for await (const line of await bench(words)) process.stdout.write(`${line}\n`);
}
if (benches.length === 0) {
  process.stderr.write(`${words.join(" ")} names no bench: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
}
