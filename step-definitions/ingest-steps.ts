import assert from "node:assert/strict";
import { appendFileSync, renameSync, symlinkSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { timestampOf } from "../ledger/domain/timestamp.ts";
import { UsageIngested } from "../ledger/domain/usage-ingested.ts";
import { sumUsage } from "../ledger/domain/usage.ts";
import { systemClock } from "../runner/platform/environment/environment.ts";
import { type RunningCommand, startCommand } from "./support/command-run.ts";
import { logLines } from "./support/foreign-logs.ts";
import { assertSucceeded } from "./support/succeeded.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "rollout-log.jsonl";

Given(
  /^a log of \S+( in UTF-16 with the line ends of Windows)?:$/u,
  function (this: ExperimentWorld, isWide: string | undefined, said: string) {
    const text = logLines(said);
    const wide = `\uFEFF${text.replaceAll("\n", "\r\n")}`;
    this.write(FILE, isWide ? Buffer.from(wide, "utf16le") : text);
  },
);

Given("a log {string} with {string}", function (this: ExperimentWorld, file: string, said: string) {
  this.write(file, logLines(said));
});

When(
  "a log with {string} {is} piped to {string}",
  async function (this: ExperimentWorld, said: string, isDone: boolean, line: string) {
    await this.run(line, logLines(said));
    if (isDone) assertSucceeded(this);
  },
);

Given(
  "it {is} ingested as {string} with {string}",
  async function (this: ExperimentWorld, isDone: boolean, source: string, options: string) {
    await ingest(this, source, options);
    if (isDone) assertSucceeded(this);
  },
);

When(
  "the log has grown by {string} and {is} ingested again",
  async function (this: ExperimentWorld, said: string, isDone: boolean) {
    await ingestGrown(this, said);
    if (isDone) assertSucceeded(this);
  },
);

async function ingestGrown(world: ExperimentWorld, said: string): Promise<void> {
  world.write(FILE, world.read(FILE) + logLines(said, { isContinued: true }));
  const [source = ""] = world.rowsOf("usage", "usage_ingested").map((row) => String(row["origin"]));
  await ingest(world, source, "--window W0-07");
}

/** Other commands run while a log is watched. */
const watches = new WeakMap<ExperimentWorld, RunningCommand>();

Given(
  "it is watched as {string} with {string}",
  async function (this: ExperimentWorld, source: string, options: string) {
    const args = ["ingest", source, FILE, "--watch", ...options.split(" ")];
    const running = startCommand(args, { cwd: this.folder, variables: this.variables });
    watches.set(this, running);
    this.cleanups.push(async () => {
      running.interrupt();
      await running.ended;
    });
    await waitUntil(
      () => running.printed().includes("until Ctrl-C"),
      () => running.printed(),
    );
  },
);

When(
  "the log is moved away, and {string} is written in its place",
  async function (this: ExperimentWorld, said: string) {
    renameSync(this.file(FILE), this.file("moved.log"));
    const watch = watches.get(this);
    await waitUntil(() => watch?.printed().includes("is gone") === true);
    await addToLog(this, logLines(said, { isContinued: true }));
  },
);

When(
  "{string} is added, and {string} in two parts",
  async function (this: ExperimentWorld, said: string, parted: string) {
    const line = logLines(parted, { isContinued: true });
    const half = line.length / 2;
    await addToLog(this, logLines(said, { isContinued: true }) + line.slice(0, half));
    await addToLog(this, line.slice(half));
  },
);

When("{string} is added", async function (this: ExperimentWorld, said: string) {
  await addToLog(this, logLines(said, { isContinued: true }));
});

/** Waits until an event of the text is in the ledger. */
async function addToLog(world: ExperimentWorld, text: string): Promise<void> {
  const before = world.rowsOf("usage", "usage_ingested").length;
  appendFileSync(world.file(FILE), text);
  await waitUntil(() => world.rowsOf("usage", "usage_ingested").length > before);
}

When("the watch is ended by Ctrl-C", async function (this: ExperimentWorld) {
  const watch = watches.get(this);
  if (watch === undefined) throw new Error("Expected a watch, got none.");
  watch.interrupt();
  this.last = await watch.ended;
});

Given(
  "a link {string} to {string}",
  function (this: ExperimentWorld, name: string, target: string) {
    symlinkSync(target, this.file(name));
  },
);

Then(
  "the ingested tokens are {int} of input and {int} of output",
  function (this: ExperimentWorld, input: number, output: number) {
    const undone = this.rowsOf("usage", "row_undone").map((row) => row["undoes"]);
    const rows = this.rowsOf("usage", "usage_ingested").filter(({ id }) => !undone.includes(id));
    const events = rows.flatMap((row) => UsageIngested.parse(row).events);
    const { input_uncached, output: all } = sumUsage(events.map(({ usage }) => usage));
    assert.deepEqual({ input: input_uncached, output: all }, { input, output });
  },
);

async function ingest(world: ExperimentWorld, source: string, options: string): Promise<void> {
  await world.run(`experiment ingest ${source} ${FILE} ${options}`.trim());
}

Given(
  /^the result of claude says (\d+)(?:,| and) (\d+)(?: and (\d+) cached| (of the main agent))?, and was ingested for "(.*)"$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    input: string,
    output: string,
    cached: string | undefined,
    isOfMain: string | undefined,
    window: string,
  ) {
    const result = { type: "result", session_id: "s1", uuid: "u1" };
    const inAll = {
      inputTokens: Number(input),
      outputTokens: Number(output),
      ...(cached ? { cacheReadInputTokens: Number(cached) } : {}),
    };
    const used = isOfMain
      ? { usage: { input_tokens: Number(input), output_tokens: Number(output) } }
      : { model_usage_since_last_result: { "claude-sonnet-4-5": inAll } };
    const text = JSON.stringify({ ...result, ...used });
    await ingestText(this, `claude-result --stdin --window ${window}`, text);
  },
);

const USAGE_CLASSES: readonly string[] = ["input_uncached", "output"];

Given(
  "telemetry with {string} was ingested for {string}",
  async function (this: ExperimentWorld, said: string, window: string) {
    const counts = said.split(", ").map((part): readonly [string, number] => {
      const [name = "", tokens] = part.split(" ");
      return [name, Number(tokens)];
    });
    const classes = counts.filter(([name]) => USAGE_CLASSES.includes(name));
    const usage =
      classes.length === 0 ? {} : { usage: { ...Object.fromEntries(classes), requests: 1 } };
    const totals = counts.filter(([name]) => !USAGE_CLASSES.includes(name));
    const line = { ...TELEMETRY_LINE, ...Object.fromEntries(totals), ...usage };
    await ingestText(this, `proxy-telemetry --stdin --window ${window}`, JSON.stringify(line));
  },
);

const TELEMETRY_LINE = {
  timestamp: "2025-10-19T10:30:00.000Z",
  session_id: null,
  subagent_id: null,
  backend_provider: "anthropic",
  model: "claude-sonnet-4-5",
  latency_ms: 380,
  status: 200,
  trace_id: "t1",
};

async function ingestText(world: ExperimentWorld, line: string, text: string): Promise<void> {
  await world.run(`experiment ingest ${line}`, text);
  assert.equal(world.last.exitCode, 0, world.last.stderr);
}

Given(
  /^ccusage reported (by project )?"(.*)" in "(.*)"$/u,
  function (this: ExperimentWorld, isByProject: string | undefined, said: string, file: string) {
    const reports = isByProject ? { projects: projectsOf(said) } : reportsOf(said);
    this.write(file, JSON.stringify(reports));
  },
);

function reportsOf(said: string): object {
  const lines = said.split(", ").map((one) => {
    const [report = "", day = "", input, output, agents] = one.split(" ");
    const period = day === "tomorrow" ? tomorrow() : day;
    const line = { report, period, inputTokens: Number(input), outputTokens: Number(output) };
    const metadata = { agents: agents?.split("+") };
    return agents === undefined ? line : { ...line, agent: "all", metadata };
  });
  return Object.fromEntries(Map.groupBy(lines, ({ report }) => report));
}

function projectsOf(said: string): object {
  const lines = said.split(", ").map((one) => {
    const [project = "", date, input, output] = one.split(" ");
    return { project, date, inputTokens: Number(input), outputTokens: Number(output) };
  });
  return Object.fromEntries(Map.groupBy(lines, ({ project }) => project));
}

function tomorrow(): string {
  return timestampOf(systemClock.nowMs() + 86_400_000).slice(0, "2026-01-02".length);
}

Given(
  "{string} is a table of ccusage with {int} sessions",
  function (this: ExperimentWorld, file: string, sessions: number) {
    const folder = "/home/somebody/projects/one-with-a-long-name/in-a-folder-with-a-long-name";
    const lines = Array.from({ length: sessions }, (_, index) => {
      return `session-${String(index)},5,5,claude,${folder}/${String(index)},10\n`;
    });
    this.write(file, `Session,Input,Output,Models,Directory,Total Tokens\n${lines.join("")}`);
  },
);

Then(
  "each source of {string} has {int} tokens of input and {int} of output",
  function (this: ExperimentWorld, window: string, input: number, output: number) {
    const rows = this.rowsOf("usage", "usage_ingested").map((row) => UsageIngested.parse(row));
    const own = rows.filter((row) => row.window === window);
    for (const [origin, some] of Map.groupBy(own, (row) => row.origin)) {
      const usage = sumUsage(some.flatMap(({ events }) => events.map((event) => event.usage)));
      assert.deepEqual([usage.input_uncached, usage.output], [input, output], origin);
    }
    assert.equal(new Set(own.map(({ origin }) => origin)).size, 2);
  },
);
