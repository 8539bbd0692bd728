/**
 * Adds up the results of all test runners, short and long, and prints the one line by which a CI run is counted.
 * Argument: how many command lines failed on the fresh machine. Its passed tests are not counted, because they run
 * again.
 */
import { readResults } from "./read-results.mjs";

const fresh = readResults(".experiment/tests-of-fresh-machine");
const runs = [readResults(".experiment/tests"), readResults(".experiment/tests", true)];
const sum = (name) => runs.reduce((total, run) => total + run[name], 0);
const say = (passed, failed, skipped) =>
  `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;

const failedThere = Math.max(fresh.failed, Number(process.argv[2] ?? 0));
const [passed, failed] = [sum("passed"), sum("failed") + failedThere];
console.log(`On the fresh machine: ${say(fresh.passed, failedThere, fresh.skipped)}`);
console.log(say(passed, failed, sum("skipped")));
process.exit(failed === 0 && passed > 0 ? 0 : 1);
