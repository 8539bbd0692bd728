import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import { DEFAULT_GATES } from "../reports/looks/gate-file.ts";
import { COMMAND_GROUPS } from "../runner/cli/command-groups.ts";
import { createProgram } from "../runner/cli/create-program.ts";
import { runCommandLine } from "../runner/cli/run-command-line.ts";
import {
  type Environment,
  processEnvironment,
} from "../runner/platform/environment/environment.ts";
import { temporaryFolder } from "../runner/platform/test-support/temporary-folder.ts";
import { EFFECTS } from "./option-effects/effects.ts";
import { everyCommand } from "./support/every-command.ts";
import { logLines } from "./support/foreign-logs.ts";
import { gitIn } from "./support/git-facts.ts";
import { BUILTIN_BANK } from "./support/own-bank.ts";
import { cheapPairs } from "./support/sample-windows.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import { waitUntil } from "./support/wait-until.ts";

const PANE = "5h limit: [█] 1% used (resets 13:01)";
const AT = "--time-zone UTC --at 2025-10-19T1";
const WINDOW = "--window W0-07 --provider codex";

/** A call of every command that gets as far as its last option, in an order in which each finds what it needs. */
const CALLS = [
  "init --config second.yaml",
  "plan",
  "run --overall-token-budget 0",
  "run --resume --overall-token-budget 0",
  "run --list-commands",
  "report",
  "preview",
  "compare --baseline first --candidate second",
  "view",
  "gate --gates gates.yaml",
  "backlog ready search",
  "backlog block search --by docs",
  "backlog unblock search --by docs",
  "backlog list",
  "proxy",
  "proxy status",
  "proxy explain request.json",
  "window start W0-06",
  "window end",
  "aliases --shell bash",
  `snapshot before codex --window W0-06 --file pane.txt ${AT}0:00:00Z`,
  `snapshot cross codex --window W0-07 --from W0-06 --file later.txt ${AT}1:00:00Z`,
  `ingest claude-session session.jsonl ${WINDOW}`,
  "reconcile --window W0-07",
  `override ${WINDOW} --phase after --meter other --used 9 --minutes 300 --resets-at 2025-10-19T13:01:00Z --at 2025-10-19T12:00:00Z`,
  `churn ${WINDOW} --repo project --commit-start HEAD~1 --commit-end HEAD`,
  "churn --by-feature",
  `complete ${WINDOW} --feature search --outcome pass --repo project --commit-start HEAD~1`,
  "audit --window W0-07",
  "undo --window W0-07",
  "checkpoint final --window W0-07",
  "schedule add W0-08 --start 2026-10-26T10:00 --end 2026-10-26T15:00 --provider codex",
  "schedule list",
  "schedule next",
  "schedule run --once",
  "schedule export --out plan.ics",
  "schedule import plan.ics",
  "ledger verify",
  "ledger checkpoint",
  "ledger export --to jsonl --out copy",
  "ledger import copy --data-dir imported",
  "ledger query SHOW\u00A0TABLES",
  "task list",
  "task new word-count --from gherkin",
  "task show lru-cache",
  "task import --repo project",
  "task check lru-cache --bank bank",
  "handoff check handoff.md",
  "workflow check team",
  "regrade",
  "prices list",
  "prices refresh --from litellm.json --out prices.yaml",
  "analyze windows.json --baseline claude",
  "simulate --cell coverage-4 --experiments 1",
  "clean --dry-run",
  "doctor --isolation",
];

/** They work with a store, and `features/workers` tries their options. */
const OF_A_STORE = ["worker", "watch"];

function everyLocalCommand() {
  return everyCommand().filter(({ name }) => !OF_A_STORE.includes(name));
}

test("every option of every command has an effect to be tried, and no other has", () => {
  const named = Object.entries(EFFECTS).flatMap(([name, { options }]) =>
    Object.keys(options).map((flag) => `${name} ${flag}`),
  );
  const defined = everyLocalCommand().flatMap(({ name, flags }) =>
    flags.map((flag) => `${name} ${flag}`),
  );
  expect(named.toSorted()).toEqual(defined.toSorted());
});

test("the code of every command reads each of its options", async () => {
  const folder = temporaryFolder();
  await fill(folder);
  const read = new Map<string, Set<string>>();
  const ended: (() => void)[] = [];
  const environment: Environment = {
    ...processEnvironment(),
    cwd: folder,
    variables: { PATH: processEnvironment().variables["PATH"] },
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    onInterrupt: (listener) => {
      ended.push(listener);
      return () => undefined;
    },
  };
  const running: Promise<unknown>[] = [];
  for (const call of CALLS) {
    const words = call.split(" ").map((word) => word.replaceAll("\u00A0", " "));
    const name =
      everyCommand()
        .map(({ name: one }) => one)
        .find((one) => `${call} `.startsWith(`${one} `)) ?? call;
    const names = read.get(name) ?? new Set();
    read.set(name, names);
    const before = ended.length;
    const one = callOf(words, { environment, names });
    if (name === "proxy" || name === "view") {
      running.push(one);
      await waitUntil(
        () => ended.length > before,
        () => call,
      );
    } else await one;
  }
  for (const end of ended) end();
  await Promise.all(running);
  const unread = everyLocalCommand().flatMap(({ name, flags }) =>
    flags
      // One place reads it for every command, before its code.
      .filter((flag) => flag !== "--store" && read.get(name)?.has(propertyOf(flag)) !== true)
      .map((flag) => `${name}: ${flag}`),
  );
  expect(unread).toEqual([]);
});

async function callOf(
  args: readonly string[],
  { environment, names }: { environment: Environment; names: Set<string> },
): Promise<void> {
  const program = createProgram(environment, async (load, options) => {
    const act = await load();
    const watched = new Proxy<object>(options, {
      get: (target, name) => {
        names.add(String(name));
        return Reflect.get(target, name);
      },
    });
    await Reflect.apply(act, undefined, [
      watched,
      environment,
      { groups: COMMAND_GROUPS, run: runCommandLine },
    ]);
  });
  await program.parseAsync(args, { from: "user" });
}

/** `dataDir` for `--data-dir`. */
function propertyOf(flag: string): string {
  return flag.slice(2).replaceAll(/-(\w)/gu, (_all, letter: string) => letter.toUpperCase());
}

async function fill(folder: string): Promise<void> {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write("experiment.yaml", smallExperiment());
  write("pane.txt", PANE);
  write("later.txt", PANE.replace("1%", "2%"));
  write("session.jsonl", logLines("claude m1 100 50"));
  write("gates.yaml", JSON.stringify({ ...DEFAULT_GATES, cost_target: 1.5 }));
  // Its solution can't be graded, so that nothing else of it is.
  cpSync(path.join(BUILTIN_BANK, "lru-cache"), path.join(folder, "bank/lru-cache"), {
    recursive: true,
  });
  write("bank/lru-cache/acceptance/lru-cache.steps.mjs", "throw new Error();");
  write("handoff.md", "");
  write("request.json", JSON.stringify({ model: "model-a" }));
  write("windows.json", JSON.stringify(cheapPairs(3)));
  write(
    "litellm.json",
    JSON.stringify({
      m: {
        litellm_provider: "anthropic",
        mode: "chat",
        input_cost_per_token: 0.000001,
        output_cost_per_token: 0.000002,
      },
    }),
  );
  const project = path.join(folder, "project");
  mkdirSync(project);
  // Its tests are known, and no commit changes them.
  write("project/go.mod", "module project\n");
  const commit = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "-a", "-m"];
  await gitIn(project, ["init", "--quiet"]);
  for (const text of ["one\n", "two\n"]) {
    write("project/one.txt", text);
    await gitIn(project, ["add", "."]);
    await gitIn(project, [...commit, "change"]);
  }
}
