import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";

// Steps that have left the sources must not stay.
rmSync(path.join(import.meta.dirname, "dist/step-definitions"), { recursive: true, force: true });
// The specs run the built product, by steps that are built like it.
const build = [".ci/build.mjs", "step-definitions/tsconfig.json"];
execFileSync(process.execPath, build, { cwd: import.meta.dirname, stdio: "inherit" });

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
