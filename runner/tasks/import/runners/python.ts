import { type CommitTree, type InstallPlan, type TestRunner, beside } from "./test-runner.ts";

const HOSTS = ["pypi.org", "files.pythonhosted.org"];

const VARIABLES = ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"];

const REQUIREMENTS = [
  "requirements.txt",
  "requirements-dev.txt",
  "requirements-test.txt",
  "dev-requirements.txt",
  "test-requirements.txt",
  "requirements_dev.txt",
];

const RESULTS = "results.xml";

/** The dependencies of a project's own package: `dependencies = ["x"]`, or poetry's table. */
function hasDependencies(tree: CommitTree): boolean {
  const project = tree.textOf("pyproject.toml") ?? "";
  return (
    /^\s*dependencies\s*=\s*\[\s*["'\n]\s*[^\]\s]/mu.test(project) ||
    /^\[tool\.poetry\.(?:group\.[^\]]+\.)?dependencies\]\s*\n(?!\s*python\s*=[^\n]*\n\s*(?:\[|$))/mu.test(
      project,
    ) ||
    /install_requires\s*=\s*\S*\s*\S/u.test(
      (tree.textOf("setup.py") ?? "") + (tree.textOf("setup.cfg") ?? ""),
    )
  );
}

/** Debian protects its own packages from pip, although these go elsewhere. */
const PIP = ["env", "PIP_BREAK_SYSTEM_PACKAGES=1", "python3", "-m", "pip"];

/**
 * Dependencies go into the home of setup, which Python finds in every room. The project's own package is
 * taken out again: tests have to see the agent's files, not a copy of the first ones.
 */
function setup(tree: CommitTree): InstallPlan | undefined {
  const lists = REQUIREMENTS.filter((file) => tree.files.includes(file) && isFilled(tree, file));
  const isPackage = hasDependencies(tree);
  if (lists.length === 0 && !isPackage) return undefined;
  const what = [...(isPackage ? ["."] : []), ...lists.map((file) => `--requirement=${file}`)];
  const runs = [[...PIP, "install", "--user", "--quiet", "pytest", ...what]];
  if (isPackage) runs.push([...PIP, "uninstall", "--quiet", "--yes", packageOf(tree)]);
  return { runs, hosts: HOSTS, variables: VARIABLES };
}

/** The name of the project's own package. */
function packageOf(tree: CommitTree): string {
  const texts = ["pyproject.toml", "setup.cfg", "setup.py"].map((file) => tree.textOf(file) ?? "");
  return (
    /^\s*name\s*=\s*["']?(?<name>[\w.-]+)/mu.exec(texts.join("\n"))?.groups?.["name"] ?? "unknown"
  );
}

function isFilled(tree: CommitTree, file: string): boolean {
  return /^\s*[^#\s]/mu.test(tree.textOf(file) ?? "");
}

/** Modules are often below `src/`, and only an installed package would be found there. */
function pathsOf(tree: CommitTree): readonly string[] {
  const isBelow = tree.files.some((file) => /^src\/.*\.py$/u.test(file));
  return isBelow ? ["env", "PYTHONPATH=src"] : [];
}

const pytest: TestRunner = {
  name: "pytest",
  language: () => "python",
  tests: ["**/test_*.py", "**/*_test.py"],
  support: ["**/conftest.py", "{test,tests}/**", "**/{test,tests}/**"],
  settings: ["pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "conftest.py"],
  isUsed: (tree) =>
    tree.files.some((file) => /(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/u.test(file)) ||
    tree.files.includes("pytest.ini"),
  command: (tree) => ({
    run: [
      ...pathsOf(tree),
      "python3",
      "-m",
      "pytest",
      "-p",
      "no:cacheprovider",
      // A file that can't be read must not hide the tests of the others.
      "--continue-on-collection-errors",
      `--junitxml=${RESULTS}`,
    ],
    results: { junit: RESULTS },
  }),
  setup,
  canary: ({ sibling, marker }) => ({
    path: beside(sibling, `test_canary_${marker}.py`),
    text: `def test_canary_${marker}():\n    assert False, "This test has to fail."\n`,
  }),
};

export const PYTHON_RUNNERS: readonly TestRunner[] = [pytest];
