import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse, stringify } from "yaml";

import { freePort } from "../../ledger/store/postgres/test-support/free-port.ts";
import { DEFAULT_GATES } from "../../reports/looks/gate-file.ts";
import { digestFolder } from "../../runner/tasks/bank/read-task-folder.ts";
import { writeProof } from "../../runner/tasks/check/proof.ts";
import { logLines } from "../support/foreign-logs.ts";
import { gitIn } from "../support/git-facts.ts";
import { keepCopy } from "../support/keep-once.ts";
import { BUILTIN_BANK } from "../support/own-bank.ts";
import { cheapPairs } from "../support/sample-windows.ts";
import { workScripted } from "../support/scripted-session.ts";
import { smallExperiment } from "../support/small-experiment.ts";
import { call } from "./call.ts";
import { longAnswers } from "./long-answers.ts";
import { SLOW_MS } from "./observe.ts";

const PANE = "5h limit: [█] 1% used (resets 13:01)";
const AT = "--time-zone UTC --at 2025-10-19T1";

/**
 * What a call starts from: nothing but files; manual windows besides; a finished session of eight pairs
 * besides, without agents; or two experiments that agents have worked.
 */
export type FolderName = "files" | "manual" | "finished" | "worked";

const made = new Map<FolderName, Promise<string>>();

/** The folder that copies are made of; it is made once. */
export async function templateOf(name: FolderName): Promise<string> {
  const kept = made.get(name) ?? make(name);
  made.set(name, kept);
  return await kept;
}

/** A copy of one of the folders, which the caller may change and has to remove. */
export async function copyOf(name: FolderName): Promise<string> {
  return copyFolder(await templateOf(name));
}

function copyFolder(folder: string): string {
  const copy = emptyFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function emptyFolder(): string {
  return realpathSync(mkdtempSync(path.join(tmpdir(), "counterbalance-test-")));
}

async function make(name: FolderName): Promise<string> {
  const folder = emptyFolder();
  writeFiles(folder);
  const upstream = { url: await longAnswers(), keyVariable: "MODEL_KEY" };
  writeFileSync(path.join(folder, "streamed.yaml"), smallExperiment({ upstream }));
  if (name === "finished") {
    await workScripted(
      { file: (inside) => path.join(folder, inside) },
      { pairs: 8, ratios: { cheap: 3 } },
    );
  }
  for (const line of name === "files" ? [] : [...(name === "worked" ? WORK : []), ...MANUAL]) {
    const said = await call(line, folder);
    if (said[0] !== 0) throw new Error(`${line}: ${JSON.stringify(said)}`);
  }
  // Rows name the workspaces here by their paths, and a call in a copy may remove them: of this folder, not of the template.
  return copyFolder(folder);
}

const WORK = ["run --seed 1 --workspace-root work", "run --seed 2 --workspace-root work"];

const MANUAL = [
  `snapshot before codex --window W1-01 --file pane.txt ${AT}0:00:00Z`,
  `snapshot after codex --window W1-01 --file later.txt ${AT}1:00:00Z`,
  `snapshot before codex --window W1-02 --file later.txt ${AT}1:10:00Z`,
  `complete --window W1-01 --provider codex --feature search --outcome pass --quality 0.5`,
  "backlog ready search",
  "backlog block search --by docs",
  "backlog block search --by capacity",
  "ledger checkpoint",
];

/**
 * Writes into a line what it names: ids of the folder's ledger, of its first experiment and of its first
 * reading; and a bank and a repository that all copies share.
 */
export async function nameThings(line: string, folder: string): Promise<string> {
  return line
    .replaceAll("{first}", () =>
      findIn(folder, "experiments", /"experiment_id":"(?<found>[^"]+)"/u),
    )
    .replaceAll("{row}", () => findIn(folder, "snapshots", /"id":"(?<found>[^"]+)"/u))
    .replaceAll("{bank}", ownBank)
    .replaceAll("{port}", await namedPort())
    .replaceAll("{project}", line.includes("{project}") ? await project() : "");
}

function findIn(folder: string, file: string, pattern: RegExp): string {
  const rows = readFileSync(path.join(folder, `.experiment/ledger/${file}.jsonl`), "utf8");
  return pattern.exec(rows)?.groups?.["found"] ?? "";
}

/** One task, whose solution can't be graded, so that nothing else of it is. */
function ownBank(): string {
  return keepCopy("bank-of-effects", writeBrokenTask);
}

function writeBrokenTask(bank: string): void {
  const task = path.join(bank, "lru-cache");
  cpSync(path.join(BUILTIN_BANK, "lru-cache"), task, { recursive: true });
  writeFileSync(path.join(task, "acceptance/lru-cache.steps.mjs"), "throw new Error();");
}

/** A bank whose task has a proof of its present state. */
function writeProvenBank(bank: string): void {
  writeBrokenTask(bank);
  const task = path.join(bank, "lru-cache");
  const size = { lines: 1, files: 1, claims: 1, failed: [] };
  const found = { ...size, mutants: 1, equivalent: 0, killed: 1 };
  const head = { at: "2025-10-19T10:00:00Z", ok: true, language: "typescript" };
  writeProof(task, { ...head, ...found, digest: digestFolder(task) });
}

let port: Promise<number> | null = null;

/** The one port that calls name. */
export async function namedPort(): Promise<string> {
  port ??= freePort();
  return String(await port);
}

let repository: Promise<string> | null = null;

async function project(): Promise<string> {
  repository ??= makeCommits(emptyFolder());
  return await repository;
}

function writeFiles(folder: string): void {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const small = smallExperiment();
  write("experiment.yaml", small);
  write("other.yaml", small.replace("name: small", "name: other").replace("second:", "third:"));
  write("slow.yaml", smallExperiment({ answerTokens: 4000, latencyMs: SLOW_MS + 1000 }));
  write("longer.yaml", smallExperiment({ answerTokens: 900 }));
  write("extended.yaml", smallExperiment({ features: ["lru-cache", "rate-limiter"] }));
  write("page.md", "Handoffs\n");
  for (const name of ["plan.md", "review.md"]) {
    cpSync(path.resolve("docs/examples/handoffs", name), path.join(folder, name));
  }
  cpSync(path.join(folder, "review.md"), path.join(folder, "second-review.md"));
  cpSync(path.resolve("docs/examples/team.yaml"), path.join(folder, "my-team.yaml"));
  write("pane.txt", PANE);
  write("later.txt", PANE.replace("1%", "2%"));
  write("session.jsonl", logLines("claude m1 100 50"));
  write("reset.txt", PANE.replace("13:01", "18:01"));
  write("much-later.txt", PANE.replace("1%", "3%"));
  write("gates.yaml", stringify({ ...DEFAULT_GATES, cost_target: 1.5 }));
  write("statement.txt", "Count further.");
  writeProvenBank(path.join(folder, "proven"));
  for (const task of ["one", "two"])
    mkdirSync(path.join(folder, "taken", task), { recursive: true });
  write("gated.yaml", `${small}gates: gates.yaml\n`);
  write("banked.yaml", small.replace(/bank: .*/u, `bank: ${ownBank()}`));
  write("request.json", JSON.stringify({ model: "model-a" }));
  const headers = { "x-claude-code-agent-id": "a1" };
  write("subagent.json", JSON.stringify({ headers, body: { model: "model-a" } }));
  write("routed.yaml", routed(small));
  write("windows.json", JSON.stringify(cheapPairs(5)));
  const price = {
    litellm_provider: "anthropic",
    mode: "chat",
    input_cost_per_token: 0.000001,
    output_cost_per_token: 0.000002,
  };
  write("litellm.json", JSON.stringify({ m: price }));
  write("other-litellm.json", JSON.stringify({ n: price }));
  write(
    "priced.yaml",
    `${small}prices: { model-a: { input: 1, output: 2 }, model-b: { input: 1, output: 2 } }\n`,
  );
}

/** Half of the sub-agents' requests go to another upstream, by the seed. */
function routed(small: string): string {
  const provider = { driver: "builtin-agent", model: "model-a", upstream: "models" };
  const upstream = { scripted: { "model-a": {} } };
  return stringify({
    ...parse(small),
    providers: { first: provider, second: { ...provider, routes: ["half"] } },
    upstreams: { models: upstream, others: upstream },
    routes: { half: [{ when: { subagent: true, share: 0.5 }, to: "others", model: "model-a" }] },
  });
}

/** Three commits with a module and its tests; the second one's message says nothing. */
async function makeCommits(folder: string): Promise<string> {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const commit = ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "-m"];
  await gitIn(folder, ["init", "--quiet"]);
  write("package.json", JSON.stringify({ scripts: { test: "node --test" } }));
  const messages = ["Begin", "Merge branch 'side'", "Count"];
  for (const [index, message] of messages.entries()) {
    write("one.txt", "line\n".repeat(index * (index + 1) + 1));
    write("one.js", `export const one = ${String(index)};\n`);
    write("one.test.js", `import { one } from "./one.js";\nconsole.log(one, ${String(index)});\n`);
    await gitIn(folder, ["add", "."]);
    await gitIn(folder, [...commit, message]);
  }
  return folder;
}
