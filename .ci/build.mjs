/**
 * Compiles a TypeScript project to dist/, then bundles the program itself and those that every window starts. Node
 * loads hundreds of small modules several times as slowly as one file.
 * Argument: the project, for example tsconfig.build.json.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

const root = path.resolve(import.meta.dirname, "..");
const dist = path.join(root, "dist");
const [project = "tsconfig.build.json"] = process.argv.slice(2);

// Steps that have left the sources must not stay.
rmSync(path.join(dist, "step-definitions"), { recursive: true, force: true });
const compilerPackage = fileURLToPath(import.meta.resolve("typescript/package.json"));
const compiler = path.join(path.dirname(compilerPackage), "bin/tsc");
execFileSync(process.execPath, [compiler, "-p", project], { cwd: root, stdio: "inherit" });

/** A module that reads the version in its package.json would look for it next to the bundle. */
const READS_VERSION =
  /\(0, \S+createRequire\)\(__filename\)\(["']\.\.\/package\.json["']\)\.version/u;

const knowVersions = {
  name: "know-versions",
  transform: (code, file) =>
    code.replace(READS_VERSION, () => {
      const { version } = JSON.parse(
        readFileSync(path.resolve(file, "../../package.json"), "utf8"),
      );
      return JSON.stringify(version);
    }),
};

/** A bundled module still names files relative to where it was. */
const knowPlaces = (folder) => ({
  name: "know-places",
  transform: (code, file) => {
    if (!file.startsWith(`${dist}${path.sep}`)) return code;
    const place = path.relative(folder, file);
    const here = "import.meta.dirname +";
    return code
      .replaceAll("import.meta.dirname", `(${here} ${JSON.stringify(`/${path.dirname(place)}`)})`)
      .replaceAll("import.meta.filename", `(${here} ${JSON.stringify(`/${place}`)})`)
      .replaceAll(
        "import.meta.url",
        `new URL(${JSON.stringify(`./${place}`)}, import.meta.url).href`,
      );
  },
});

/**
 * An import of one of Node's modules reads each of its exports. For node:http and node:util this loads fetch and the
 * workers, which takes longer than Node's own start. A bundle reads only the exports that it uses.
 */
const startSoon = {
  name: "start-soon",
  renderChunk: (code) =>
    code.replaceAll(/^import (.+) from "(node:[^"]+)";$/gmu, (_, names, module) =>
      declarations(names)
        .map((name) => `const ${name} = globalThis.process.getBuiltinModule("${module}");`)
        .join("\n"),
    ),
};

/** What `import NAMES` declares, as names for `const`: for example `path` and `{ env: env$1 }`. */
function declarations(names) {
  const [, main, some] = /^(?:\* as )?([\w$]+)?(?:, )?(\{.+\})?$/u.exec(names);
  return [main, some?.replaceAll(" as ", ": ")].filter((name) => name !== undefined);
}

const browserCanvas = path.join(root, "node_modules/vega-canvas/build/vega-canvas.browser.js");

const bundled = [
  ...(await bundle(["runner/cli/main"])),
  ...(await bundle(["runner/agents/builtin/main"])),
  ...(await bundle(["runner/agents/sandbox/inside"])),
  ...(await bundle(["runner/tasks/grading/host/host-main"])),
  // Programs that run acceptance steps share one instance of cucumber with them.
  ...(await bundle([
    "runner/tasks/grading/suite/suite-main",
    "runner/tasks/grading/suite/support",
    "runner/tasks/grading/suite/cucumber",
    "runner/tasks/check/mutants/mutant-main",
  ])),
  ...(await bundlePage()),
];
writeFileSync(
  path.join(dist, "third-party-licenses.txt"),
  `${dependencies()}\n${licensesOf(bundled)}\n${schemaLicense()}`,
);

/** OTLP's messages don't come as a package. */
function schemaLicense() {
  const text = readFileSync(path.join(root, "runner/gateway/otlp/schema/LICENSE"), "utf8");
  return `opentelemetry-proto, The OpenTelemetry Authors (Apache-2.0)\n\n${text}`;
}

/** Replaces compiled modules by bundles with the same names. Resolves to the files that they hold. */
async function bundle(names) {
  const folder = path.dirname(names[0]);
  const files = names.map((name) => path.join(dist, `${name}.js`));
  // A build before this one left them.
  for (const file of globSync(path.join(dist, folder, "shared-*.js"))) rmSync(file);
  const build = await rolldown({
    input: Object.fromEntries(names.map((name, index) => [name, files[index]])),
    platform: "node",
    // The other form of it looks for a canvas to measure texts with, which pictures must not depend on.
    resolve: { alias: { "vega-canvas": browserCanvas } },
    transform: { define: { __filename: "import.meta.filename", __dirname: "import.meta.dirname" } },
    // These find files of their own, or are optional.
    external: [
      /^fs-native-extensions$/u,
      /^@duckdb\//u,
      /^@lydell\//u,
      /^@stryker-mutator\//u,
      /^@xterm\//u,
    ],
    plugins: [knowVersions, knowPlaces(path.join(dist, folder)), startSoon],
  });
  const { output } = await build.write({
    dir: dist,
    entryFileNames: "[name].js",
    chunkFileNames: `${folder}/shared-[name].js`,
    format: "esm",
    keepNames: true,
  });
  for (const file of files) rmSync(`${file}.map`, { force: true });
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}

/** Makes the script and the style that every HTML report holds. Resolves to the files in the script. */
async function bundlePage() {
  const folder = "reports/page/browser";
  const build = await rolldown({
    input: path.join(root, folder, "main.ts"),
    platform: "browser",
    tsconfig: path.join(root, folder, "tsconfig.json"),
    onLog: (level, log) => {
      throw new Error(`The page's script: ${level}: ${log.message}`);
    },
  });
  const place = path.join(dist, "reports/page/page.js");
  const { output } = await build.write({ file: place, format: "iife", minify: true });
  copyFileSync(path.join(root, folder, "page.css"), path.join(dist, "reports/page/page.css"));
  // Others are empty ones of the bundler, for what no browser has.
  return output.flatMap(({ moduleIds = [] }) => moduleIds.filter((id) => path.isAbsolute(id)));
}

/** Every package that an installation may bring, as the lock file has them. */
function dependencies() {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const lines = Object.entries(packages)
    .filter(([place, { dev }]) => place !== "" && dev !== true)
    .map(([place, { version, license = ownLicense(place), optional, devOptional }]) => {
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      return `${name} ${version}: ${license}${optional === true || devOptional === true ? " (optional)" : ""}`;
    });
  return [
    "The packages that counterbalance depends on, with their licences:\n",
    ...[...new Set(lines)].toSorted((a, b) => a.localeCompare(b)),
    "\nThe licences of the packages that are part of its own files:\n",
  ].join("\n");
}

/** Old packages name several. */
function ownLicense(place) {
  const { licenses = [] } = JSON.parse(
    readFileSync(path.join(root, place, "package.json"), "utf8"),
  );
  return licenses.map(({ type }) => type).join(" or ") || "unknown";
}

function licensesOf(files) {
  const packages = new Set(
    files.map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0]).filter(Boolean),
  );
  return [...packages]
    .toSorted((a, b) => a.localeCompare(b))
    .map(licenseOf)
    .join("\n");
}

function licenseOf(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/iu.test(file));
  const text = name === undefined ? "" : readFileSync(path.join(folder, name), "utf8");
  const {
    name: title,
    version,
    license,
  } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return `${title} ${version} (${license})\n\n${text}`;
}
