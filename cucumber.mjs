import { execFileSync } from "node:child_process";

// `.ci/features.mjs` builds once for all the processes that share a folder.
if (process.env.COUNTERBALANCE_KEPT === undefined) {
  // The specs run the built product, by steps that are built like it.
  const build = [".ci/build.mjs", "step-definitions/tsconfig.json"];
  execFileSync(process.execPath, build, { cwd: import.meta.dirname, stdio: "inherit" });
}

const common = {
  import: ["dist/step-definitions/support/*.js", "dist/step-definitions/*-steps.js"],
};

export default { ...common, tags: "not @live and not @slow" };

export const long = { ...common, tags: "@slow and not @live" };
