import { z } from "zod";

import { parseJson } from "../../../platform/json/json-value.ts";
import {
  type CanaryPlace,
  type CommitTree,
  type InstallPlan,
  type TestRunner,
  beside,
  nameOf,
} from "./test-runner.ts";

const Names = z.record(z.string(), z.string()).catch({});

const PackageFile = z
  .looseObject({
    dependencies: Names.optional(),
    devDependencies: Names.optional(),
    scripts: Names.optional(),
  })
  .catch({});

const HOST = "registry.npmjs.org";

const CODE = "{js,mjs,cjs,jsx,ts,mts,cts,tsx}";
const TESTS = [`**/*.{test,spec}.${CODE}`, `**/__tests__/**/*.${CODE}`];
const SUPPORT = ["**/__snapshots__/**", "**/__fixtures__/**", "{test,tests}/**"];
const SETTINGS = ["package.json", "tsconfig*.json"];

const RESULTS = "results.xml";

type PackageFacts = z.infer<typeof PackageFile>;

function packageOf(tree: CommitTree): PackageFacts {
  const text = tree.textOf("package.json");
  if (text === undefined) return {};
  return PackageFile.safeParse(parseJson(text)).data ?? {};
}

function needs(tree: CommitTree, name: string): boolean {
  const { dependencies = {}, devDependencies = {} } = packageOf(tree);
  return name in dependencies || name in devDependencies;
}

function testScript(tree: CommitTree): string {
  return packageOf(tree).scripts?.["test"] ?? "";
}

function language(tree: CommitTree): string {
  const isTyped = tree.files.some(
    (file) => /\.[cm]?tsx?$/u.test(file) && !file.endsWith(".d.ts") && !isInstalled(file),
  );
  return isTyped ? "typescript" : "javascript";
}

function isInstalled(file: string): boolean {
  return file.startsWith("node_modules/") || file.includes("/node_modules/");
}

interface LockFile {
  readonly name: string;
  /** Installs exactly what the file names. */
  readonly install: readonly string[];
}

const QUIET = ["--no-audit", "--no-fund"];
const LOCK_FILES: readonly LockFile[] = [
  { name: "package-lock.json", install: ["npm", "ci", ...QUIET] },
  { name: "npm-shrinkwrap.json", install: ["npm", "ci", ...QUIET] },
  { name: "pnpm-lock.yaml", install: ["pnpm", "install", "--frozen-lockfile"] },
  { name: "yarn.lock", install: ["yarn", "install", "--frozen-lockfile"] },
];

/** The nearest lock file. The packages of a workspace share that of a folder above them. */
function lockOf(tree: CommitTree): { readonly up: string; readonly lock: LockFile } | undefined {
  for (let up = ""; up.length < "../".length * FOLDERS_MAX; up += "../") {
    const lock = LOCK_FILES.find(({ name }) => tree.files.includes(up + name));
    if (lock !== undefined) return { up, lock };
  }
  return undefined;
}

const FOLDERS_MAX = 10;

function installOf(tree: CommitTree): readonly string[] | undefined {
  if (tree.files.some(isInstalled)) return undefined;
  const { dependencies = {}, devDependencies = {} } = packageOf(tree);
  if (Object.keys({ ...dependencies, ...devDependencies }).length === 0) return undefined;
  const found = lockOf(tree);
  if (found === undefined) return ["npm", "install", ...QUIET, "--no-package-lock"];
  const { up, lock } = found;
  const isModernYarn = lock.name === "yarn.lock" && tree.files.includes(`${up}.yarnrc.yml`);
  const install = isModernYarn ? ["yarn", "install", "--immutable"] : lock.install;
  return up === "" ? install : ["sh", "-c", `cd ${up} && ${install.join(" ")}`];
}

function planOf(tree: CommitTree, runs: InstallPlan["runs"]): InstallPlan | undefined {
  return runs.length === 0 ? undefined : { runs, hosts: hostsOf(tree), variables: VARIABLES };
}

const VARIABLES = ["npm_config_registry", "NPM_TOKEN", "NODE_AUTH_TOKEN"];

function setup(tree: CommitTree): InstallPlan | undefined {
  const install = installOf(tree);
  return planOf(tree, install === undefined ? [] : [install]);
}

/** A repository's `.npmrc` may name further registries. */
function hostsOf(tree: CommitTree): readonly string[] {
  const named = (tree.textOf(".npmrc") ?? "").matchAll(/registry\s*=\s*https?:\/\/([^/:\s]+)/gu);
  return [...new Set([HOST, ...[...named].map(([, host = HOST]) => host)])];
}

/** A program that a package brings, or one on PATH. All package managers but pnpm put it next to the lock file. */
function program(tree: CommitTree, name: string): string {
  if (!needs(tree, name) && !tree.files.some(isInstalled)) return name;
  const found = lockOf(tree);
  const up = found === undefined || found.lock.name === "pnpm-lock.yaml" ? "" : found.up;
  return `${up}node_modules/.bin/${name}`;
}

const REPORTER = "jest-junit";

/** Jest writes no file that others read, so a reporter is installed too. */
function setupJest(tree: CommitTree): InstallPlan | undefined {
  if (needs(tree, REPORTER) || tree.files.some(isInstalled)) return setup(tree);
  const install = installOf(tree);
  const add = ["npm", "install", "--no-save", ...QUIET, `${REPORTER}@16`];
  return planOf(tree, [...(install === undefined ? [] : [install]), add]);
}

/** E.g. `.test.ts` for `a.test.ts`: the runner's own patterns then find the canary too. */
function endingOf(file: string): string {
  const name = nameOf(file);
  return name.slice(Math.max(0, name.indexOf(".")));
}

function canaryWith(write: (marker: string, sibling: string) => string) {
  return ({ sibling, text, marker }: CanaryPlace) => ({
    path: beside(sibling, `canary-${marker}${endingOf(sibling)}`),
    text: `${write(marker, text)}\n`,
  });
}

const FAIL = `throw new Error("This test has to fail.")`;

const RELATIVE_IMPORT = /(?:\bfrom|\brequire\(|\bimport\(?)\s*["'](?<path>\.[^"']+)["']/gu;

/**
 * Loads what the test next to it loads, because each file of tests has a process of its own, in which the
 * work may replace the matchers. A module that can't be loaded must not hide the canary.
 */
function canaryOfMatchers(
  { marker, text }: { readonly marker: string; readonly text: string },
  { head, load }: { readonly head: string; readonly load: (module: string) => string },
): string {
  const modules = [...text.matchAll(RELATIVE_IMPORT)].flatMap(
    ({ groups }) => groups?.["path"] ?? [],
  );
  const loads = [...new Set(modules)].map((module) => load(JSON.stringify(module)));
  const failing = `test("canary ${marker}", () => { expect("this test").toBe("passing"); });`;
  return [head, ...loads, failing].filter(Boolean).join("\n");
}

function isModule(text: string): boolean {
  return /^\s*(?:import|export)\s/mu.test(text);
}

const vitest: TestRunner = {
  name: "vitest",
  language,
  tests: TESTS,
  support: SUPPORT,
  settings: [...SETTINGS, "{vitest,vite}.*"],
  isUsed: (tree) => needs(tree, "vitest") || /\bvitest\b/u.test(testScript(tree)),
  command: (tree) => ({
    run: [program(tree, "vitest"), "run", "--reporter=junit", `--outputFile=${RESULTS}`],
    results: { junit: RESULTS },
  }),
  setup,
  canary: canaryWith((marker, text) =>
    canaryOfMatchers(
      { marker, text },
      {
        head: `import { expect, test } from "vitest";\n`,
        load: (module) => `await import(${module}).catch(() => undefined);`,
      },
    ),
  ),
};

const jest: TestRunner = {
  ...vitest,
  name: "jest",
  settings: [...SETTINGS, "jest.*", "babel.config.*", ".babelrc*"],
  isUsed: (tree) => needs(tree, "jest") || /\bjest\b/u.test(testScript(tree)),
  command: (tree) => ({
    // The reporter writes junit.xml into the folder that it runs in.
    run: [program(tree, "jest"), "--ci", `--reporters=${REPORTER}`],
    results: { junit: "junit.xml" },
  }),
  setup: setupJest,
  canary: canaryWith((marker, text) =>
    canaryOfMatchers(
      { marker, text },
      { head: "", load: (module) => `try { require(${module}); } catch {}` },
    ),
  ),
};

const mocha: TestRunner = {
  ...vitest,
  name: "mocha",
  tests: [...TESTS, `{test,tests}/**/*.${CODE}`],
  settings: [...SETTINGS, ".mocharc.*"],
  isUsed: (tree) => needs(tree, "mocha") || /\bmocha\b/u.test(testScript(tree)),
  command: (tree) => ({
    run: [program(tree, "mocha"), "--reporter=xunit", "--reporter-option", `output=${RESULTS}`],
    results: { junit: RESULTS },
  }),
  canary: canaryWith((marker) => `it("canary ${marker}", () => { ${FAIL}; });`),
};

const nodeTest: TestRunner = {
  ...vitest,
  name: "node:test",
  tests: [...TESTS, `{test,tests}/**/*.${CODE}`, `**/test-*.${CODE}`, `**/*{-,_}test.${CODE}`],
  settings: SETTINGS,
  isUsed: (tree) => /\bnode\b.*--test\b/u.test(testScript(tree)),
  command: () => ({
    run: ["node", "--test", "--test-reporter=junit", `--test-reporter-destination=${RESULTS}`],
    results: { junit: RESULTS },
  }),
  canary: canaryWith((marker, sibling) =>
    isModule(sibling)
      ? `import test from "node:test";\n\ntest("canary ${marker}", () => { ${FAIL}; });`
      : `require("node:test").test("canary ${marker}", () => { ${FAIL}; });`,
  ),
};

/** A project that names several is run with the first. */
export const JAVASCRIPT_RUNNERS: readonly TestRunner[] = [vitest, jest, mocha, nodeTest];
