import { readFileSync } from "node:fs";

import { tryToEscape } from "./escape-attempts.ts";

/** Stands in for an agent: tries what the file of its first argument names, and prints what it reached. */
const targets = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
process.stdout.write(`${JSON.stringify(await tryToEscape(targets))}\n`);
