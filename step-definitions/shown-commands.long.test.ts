import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import type { Shown } from "./documents/read-shown.ts";
import { RUN_BY_CI, shownBy, SMALL_EXPERIMENT, wordsOf } from "./documents/shown-by-page.ts";
import { startCommand } from "./support/command-run.ts";
import { shortenBank } from "./support/shorten-bank.ts";

const TIMEOUT_MS = 1_200_000;

const HOW_TO = globSync("docs/how-to/*.md");

/** Pages whose commands follow one another in one folder, so that an experiment runs once for all of them. */
const CHAINS = [
  ["README.md", "docs/tutorial.md"],
  ["run-and-resume", "ci", "read-a-report", "verify-and-export-the-ledger"].map(howTo),
  ["record-and-replay"].map(howTo),
];
const SINGLE = HOW_TO.filter((page) => !CHAINS.flat().includes(page)).map((page) => [page]);

/** Pages that begin with the reader's own configuration. */
const HAS_CONFIGURATION = new Set(CHAINS.slice(1).flat());

function howTo(name: string): string {
  return `docs/how-to/${name}.md`;
}

/** A line that is more than a call of the program. */
const SHELL_SYNTAX = /^(?!npx (?:experiment|counterbalance) )|[|&;<>$]/;

/** A meter that a reading could not take completely. A page shows readings that count. */
const READING_FAULT = /^ {2}error: /m;

type ShownCommand = Extract<Shown, { kind: "command" }>;

interface Ended {
  readonly exitCode: number | undefined;
  readonly output: string;
}

interface Printed extends Ended {
  readonly line: number;
  readonly command: string;
  readonly expected: number;
}

/** A reader's clone. Its bank is short, so that grading is quick. */
class Reader {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "counterbalance-reader-"));
  readonly #clone = path.join(this.#folder, "clone");
  readonly #variables = {
    PATH: [this.#folder, process.env["PATH"]].join(path.delimiter),
    HOME: this.#folder,
    TZ: "UTC",
  };

  constructor() {
    onTestFinished(() => rmSync(this.#folder, { recursive: true, force: true }));
    cpSync("task-bank", path.join(this.#clone, "task-bank"), { recursive: true });
    shortenBank(path.join(this.#clone, "task-bank"));
    cpSync("docs/examples", path.join(this.#clone, "docs/examples"), { recursive: true });
    const main = path.resolve("runner/cli/main.ts");
    writeFileSync(
      path.join(this.#folder, "npx"),
      `#!/bin/sh\ncase "$1" in experiment | counterbalance) ;; *) exit 127 ;; esac\nshift\nexec "${process.execPath}" "${main}" "$@"\n`,
      { mode: 0o755 },
    );
  }

  save(name: string, text: string): void {
    writeFileSync(path.join(this.#clone, name), text);
  }

  read(name: string): string {
    return readFileSync(path.join(this.#clone, name), "utf8");
  }

  async run({ line, text, exitCode: expected }: ShownCommand): Promise<Printed> {
    const ended = SHELL_SYNTAX.test(text) ? await this.inShell(text) : await this.#here(text);
    return { line, command: text, expected, ...ended };
  }

  /** Runs lines as CI systems do: they end at the first one that fails. */
  async inShell(lines: string, variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { exitCode, all } = await execa("sh", ["-e", "-c", lines], {
      cwd: this.#clone,
      env: { ...this.#variables, ...variables },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
      timeout: TIMEOUT_MS,
    });
    return { exitCode, output: all };
  }

  /** Runs a command of the program in this process, which spares the start of another. */
  async #here(command: string): Promise<Ended> {
    const [, , ...args] = await wordsOf(command);
    const running = startCommand(args, { cwd: this.#clone, variables: this.#variables });
    const { exitCode } = await running.ended;
    return { exitCode, output: running.printed() };
  }
}

/** Follows pages as a reader does: saves their files, and runs their commands. */
async function follow(pages: readonly string[]): Promise<Printed[]> {
  const reader = new Reader();
  const printed: Printed[] = [];
  for (const page of pages) {
    if (HAS_CONFIGURATION.has(page))
      reader.save("experiment.yaml", JSON.stringify(SMALL_EXPERIMENT));
    for (const shown of shownBy(page)) {
      if (shown.kind === "file") reader.save(shown.name, shown.text);
      if (shown.kind === "command") printed.push(await reader.run(shown));
    }
  }
  return printed;
}

/** Numbers and names of experiments differ from run to run, and so does the width of columns. "…" stands for anything. */
function isPrinted(line: string, output: string): boolean {
  const parts = plain(line).split("…");
  return output.split("\n").some((printed) => {
    const text = plain(printed);
    let from = 0;
    return parts.every((part) => {
      const at = text.indexOf(part.trim(), from);
      from = at + part.trim().length;
      return at >= 0;
    });
  });
}

function plain(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{12}\b/g, "0")
    .replaceAll(/\d[\d.,:]*/g, "0")
    .replaceAll(/\s+/g, " ")
    .trim();
}

test.each([...CHAINS, ...SINGLE].map((pages) => [pages]))(
  "the commands of %s do what is shown",
  { timeout: TIMEOUT_MS },
  async (pages) => {
    const printed = await follow(pages);
    const failed = printed.filter(({ exitCode, expected }) => exitCode !== expected);
    expect(failed).toEqual([]);
    expect(printed.filter((run) => READING_FAULT.test(run.output))).toEqual([]);
    const output = printed.map((run) => run.output).join("\n");
    const missing = pages
      .flatMap(shownBy)
      .filter((shown) => shown.kind === "output" && !isPrinted(shown.text, output));
    expect(missing).toEqual([]);
  },
);

const Workflow = z.object({
  jobs: z.object({
    experiment: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }),
  }),
});

test(
  "the steps of this repository's workflow run an experiment and keep its report",
  { timeout: TIMEOUT_MS },
  async () => {
    const { jobs } = Workflow.parse(parse(readFileSync(".github/workflows/ci.yml", "utf8")));
    const lines = jobs.experiment.steps.flatMap(({ run }) => run ?? []);
    const reader = new Reader();
    const ended: Ended[] = [];
    for (const line of lines.filter((one) => !RUN_BY_CI.has(one)))
      ended.push(await reader.inShell(line, { CI: "true", GITHUB_STEP_SUMMARY: "summary.md" }));
    expect(ended.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(reader.read("summary.md")).toContain("can't tell yet");
    expect(reader.read("report/junit.xml")).toContain("<testcase");
    expect(reader.read("gate.xml")).toContain("<testcase");
    expect(reader.read("report/report.html")).toContain("Content-Security-Policy");
  },
);
