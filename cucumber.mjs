import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// The specs run the built product with built steps: a process that loads TypeScript starts three times as slowly.
const compiler = fileURLToPath(import.meta.resolve("typescript/package.json")).replace(
  "package.json",
  "bin/tsc",
);
execFileSync(process.execPath, [compiler, "-p", "step-definitions"], { stdio: "inherit" });

const common = {
  import: ["dist/step-definitions/support/*.js", "dist/step-definitions/*-steps.js"],
};

export default {
  ...common,
  tags: "not @live and not @slow",
  parallel: 6,
  format: ["progress", "message:.experiment/tests/cucumber.ndjson"],
};

export const long = {
  ...common,
  tags: "@slow and not @live",
  parallel: 3,
  format: ["progress", "message:.experiment/tests/cucumber-long.ndjson"],
};
