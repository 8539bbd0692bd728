import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readTask } from "./read-task.ts";

const COMMIT = "3f2a91c0b5d64e7f8a9b0c1d2e3f4a5b6c7d8e9f";
const WHOLE = `id: parser-errors
title: Parse errors name the line
language: python
stratum: small
family: parser
workspace:
  repo: ../our-parser
  commit: ${COMMIT}
  path: services/api/
  agent_settings: [.claude/settings.json]
setup:
  run: [[pip, install, -e, .], [make, grammar]]
  env: [PIP_INDEX_URL]
  network: { allow: [packages.example.com] }
statement: statement.md
solution: [src/]
acceptance:
  kind: command
  run: [pytest, --junitxml=results.xml]
  results: { junit: results.xml }
  overlay: hidden/
  protect: [./conftest.py, pyproject.toml]
  fail_to_pass: ["tests/test_parser.py :: test_line"]
  pass_to_pass: ["tests/test_parser.py :: test_column"]
  canaries: ["tests/test_canary.py :: test_canary"]
timeout_s: 900
tokens_max: 120000
deterministic: true
`;

let bank = "";

beforeEach(() => {
  bank = mkdtempSync(path.join(tmpdir(), "bank-"));
  mkdirSync(path.join(bank, "our-parser", ".git"), { recursive: true });
  put("task.yaml", WHOLE);
  put("statement.md", "Each error names its line.\n");
  put("hidden/tests/test_parser.py", "");
});

afterEach(() => rmSync(bank, { recursive: true }));

function put(name: string, text: string): void {
  const file = path.join(bank, "parser-errors", name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function read() {
  return readTask(path.join(bank, "parser-errors"));
}

test("a task that a command grades is read with all its facts", () => {
  expect(read()).toMatchObject({
    kind: "command",
    language: "python",
    statement: "Each error names its line.\n",
    workspace: {
      repo: path.join(bank, "our-parser"),
      commit: COMMIT,
      path: "services/api",
      agentSettings: [".claude/settings.json"],
    },
    setup: {
      runs: [
        ["pip", "install", "-e", "."],
        ["make", "grammar"],
      ],
      variables: ["PIP_INDEX_URL"],
      allowedHosts: ["packages.example.com"],
    },
    acceptance: {
      run: ["pytest", "--junitxml=results.xml"],
      results: { format: "junit", file: "results.xml" },
      overlay: "hidden/",
      protect: ["conftest.py", "pyproject.toml"],
      failToPass: ["tests/test_parser.py :: test_line"],
      passToPass: ["tests/test_parser.py :: test_column"],
      canaries: ["tests/test_canary.py :: test_canary"],
    },
    solutionPaths: ["src/"],
  });
});

test("what may be left out has a plain default", () => {
  const lines = WHOLE.split("\n").filter(
    (line) =>
      !/^(?:setup|solution|statement|family)|^ {2}(?:path|agent|overlay|protect|pass|can|env|network|run: \[\[)/u.test(
        line,
      ),
  );
  put("task.yaml", lines.join("\n").replace("{ junit: results.xml }", "exit_code"));
  expect(read()).toMatchObject({
    workspace: { path: "", agentSettings: [] },
    setup: { runs: [], variables: [], allowedHosts: [] },
    acceptance: { results: { format: "exit_code" }, protect: [], passToPass: [], canaries: [] },
    solutionPaths: undefined,
  });
});

test("a setup may be one command", () => {
  put("task.yaml", WHOLE.replace("[[pip, install, -e, .], [make, grammar]]", "[npm, ci]"));
  expect(read()).toMatchObject({ setup: { runs: [["npm", "ci"]] } });
});

test("the digest follows the hidden tests, and leaves out the proof", () => {
  const before = read().digest;
  put("proof.json", "{}");
  expect(read().digest).toBe(before);
  put("hidden/tests/test_parser.py", "# another\n");
  expect(read().digest).not.toBe(before);
});

test.each([
  {
    fault: "a short hash",
    from: COMMIT,
    to: "3f2a91c",
    message:
      'TASK:8: expected "workspace.commit" to be the full hash of a commit, got "3f2a91c". Write what `git rev-parse COMMIT` prints, in quotes.',
  },
  {
    fault: "a repository that is not there",
    from: "../our-parser",
    to: "../your-parser",
    message:
      'TASK:7: expected "workspace.repo" to be a git repository, got BANK/your-parser. Write its path relative to the task\'s folder, or clone the repository to this place.',
  },
  {
    fault: "an unknown format of results",
    from: "{ junit: results.xml }",
    to: "{ xml: results.xml }",
    message:
      'TASK:20: expected "acceptance.results" to be { junit: FILE }, { tap: FILE }, { go_json: FILE } or exit_code, got {"xml":"results.xml"}. Write e.g. { junit: results.xml }.',
  },
  {
    fault: "an overlay that is not there",
    from: "hidden/",
    to: "secret/",
    message:
      'TASK:21: expected "secret/" to be a folder, got nothing. Put the hidden tests there, laid out as in the repository.',
  },
  {
    fault: "a protected path that leads out",
    from: "pyproject.toml",
    to: "../pyproject.toml",
    message:
      'TASK:22: expected "acceptance.protect.1" to be a relative path inside the repository, got "../pyproject.toml". Write it without a leading slash and without .., e.g. tests/.',
  },
  {
    fault: "a test with two parts",
    from: "test_canary.py :: test_canary",
    to: "test_parser.py :: test_line",
    message:
      'TASK:25: expected each test in one list and once, got "tests/test_parser.py :: test_line" again. Take it off one.',
  },
  {
    fault: "a value instead of a variable's name",
    from: "PIP_INDEX_URL",
    to: "PIP_INDEX_URL=secret",
    message:
      'TASK:13: expected "setup.env.0" to be the name of a variable, got "PIP_INDEX_URL=secret". Write e.g. NPM_TOKEN. Its value comes from your environment.',
  },
  {
    fault: "an unknown field",
    from: "protect:",
    to: "protects:",
    message:
      'TASK:22: expected a known field, got "acceptance.protects". Did you mean "protect"? Known fields: kind, run, results, overlay, protect, fail_to_pass, pass_to_pass, canaries.',
  },
])("$fault is refused", ({ from, to, message }) => {
  put("task.yaml", WHOLE.replace(from, to));
  const file = path.join(bank, "parser-errors", "task.yaml");
  const whole = message.replace("TASK", file).replace("BANK", bank);
  expect(read).toThrow(whole);
});

test("a missing statement is refused", () => {
  rmSync(path.join(bank, "parser-errors", "statement.md"));
  expect(read).toThrow(
    'statement.md:1: expected "statement.md" to be a file, got nothing. Write what the agent is asked for.',
  );
});
