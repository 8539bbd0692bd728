import assert from "node:assert/strict";
import { globSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { Given, Then } from "@cucumber/cucumber";
import { stringify } from "yaml";

import { SealedWork } from "../ledger/domain/window.ts";
import { readRecording } from "../runner/gateway/proxy/recording/recorded-exchange.ts";
import { startFakeUpstream } from "../runner/gateway/proxy/test-support/fake-upstream.ts";
import { DOUBLE } from "./commit-task-steps.ts";
import { writeCommitTask } from "./support/commit-task.ts";
import { gitIn } from "./support/git-facts.ts";
import { finalOfOrder } from "./support/ledger-windows.ts";
import { REPEATING_AGENT } from "./support/repeating-agent.ts";
import { reportFile } from "./support/report-files.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const KEY = "sk-upstream/4f0a9c+7d21";
const SETUP_VALUE = 'index "value" 4711 with blanks';
const SECRETS = [KEY, SETUP_VALUE];

Given(
  "a task whose setup writes its variable into the tree, and an agent that prints and writes down all that it is told, in every spelling",
  async function (this: ExperimentWorld) {
    await writeTask(this);
    await writeAgent(this);
  },
);

async function writeTask(world: ExperimentWorld): Promise<void> {
  const read = `import { readFileSync } from "node:fs";
test("reads", () => { throw new Error(readFileSync("index.conf", "utf8")); });
`;
  const hidden = Object.entries(DOUBLE.hidden).map(([file, text]) => [file, text + read]);
  world.variables["INDEX_SECRET"] = SETUP_VALUE;
  await writeCommitTask(world, {
    ...DOUBLE,
    hidden: Object.fromEntries(hidden),
    acceptance: { ...DOUBLE.acceptance, fail_to_pass: ["doubles", "reads"] },
    setup: {
      run: ["sh", "-c", 'printf "%s" "$INDEX_SECRET" > index.conf; echo "$INDEX_SECRET"'],
      env: ["INDEX_SECRET"],
    },
  });
}

async function writeAgent(world: ExperimentWorld): Promise<void> {
  const upstream = await startFakeUpstream((response, { headers }) => {
    const key = String(headers["x-api-key"]);
    response.writeHead(200, { "content-type": "text/event-stream", "request-id": key });
    for (const event of repeat(key)) response.write(event);
    response.end();
  });
  world.cleanups.push(() => upstream.stop());
  world.variables["REPEATED_KEY"] = KEY;
  world.write("agent/main.mjs", REPEATING_AGENT);
  const words = [process.execPath, "{folder}/agent/main.mjs"];
  const provider = {
    driver: "command",
    command: words,
    model: "any",
    upstream: "repeating",
    agent: { dialects: ["anthropic"], version: [...words, "--version"] },
  };
  const upstreams = { repeating: { base_url: upstream.origin, auth: "env REPEATED_KEY" } };
  const tasks = { bank: "bank", include: ["*"] };
  const design = { washout_s: 0 };
  const providers = { first: provider, second: { ...provider, model: "other" } };
  world.write("experiment.yaml", stringify({ tasks, providers, upstreams, design }));
}

Then(
  "what its output and its files say of a secret, in any spelling, are stars",
  async function (this: ExperimentWorld) {
    assertUnsaid(this);
    await assertUnwritten(this);
    assertStars(this);
  },
);

function assertUnsaid(world: ExperimentWorld): void {
  const { exitCode, stdout, stderr } = world.last;
  world.isExitCodeSeen = true;
  assert.equal(exitCode, 0, stderr);
  for (const spelling of SECRETS.flatMap(spell)) {
    assert.ok(!`${stdout}${stderr}`.includes(spelling), spelling);
  }
}

async function assertUnwritten(world: ExperimentWorld): Promise<void> {
  await unpack(world);
  for (const spelling of SECRETS.flatMap(spell)) {
    const holding = PLACES.flatMap((place) => filesHolding(world.file(place), spelling));
    assert.deepEqual(holding, [], spelling);
  }
}

function assertStars(world: ExperimentWorld): void {
  const [capture = ""] = globSync(".experiment/captures/*/W*.jsonl", { cwd: world.folder });
  const [notes = ""] = globSync("unpacked/*/src/notes.txt", { cwd: world.folder });
  for (const text of [world.read(capture), world.read(notes)]) {
    assert.match(text, new RegExp(String.raw`^\*{${String(KEY.length)}}$`, "mu"));
    assert.match(text, /^Basic bWU6.?\*+/mu);
  }
  assert.match(world.read("unpacked/page.txt"), /Basic bWU6.?\*+/u);
  const { scenarios } = finalOfOrder(world, 1);
  const failed = scenarios.find(({ name }) => name === "reads");
  assert.match(String(failed?.["message"]), /\*{20}/u);
}

const PLACES = [".experiment", "recording", "unpacked"];

function spell(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(inJson).slice(1, -1);
  const inBase64 = Buffer.from(`me:${secret}`).toString("base64").slice(6, -4);
  return [secret, inJson, twice, encodeURIComponent(secret), inBase64];
}

/** An answer of three characters an event, which repeats the key as the model's name too. */
function* repeat(key: string): Iterable<string> {
  const usage = { input_tokens: 10, output_tokens: 5 };
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: key,
    content: [],
    usage,
  };
  const parts = key.match(/.{1,3}/gsu) ?? [];
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ...parts.map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
    { type: "message_stop" },
  ];
  for (const event of events) yield `data: ${JSON.stringify(event)}\n\n`;
}

/** Writes out the kept work, and what the recording and the page have packed. */
async function unpack(world: ExperimentWorld): Promise<void> {
  const page = readFileSync(reportFile(world, "report.html"), "utf8");
  const blocks = [...page.matchAll(/gzip\+json;base64"[^>]*>([^<]+)</gu)];
  assert.ok(blocks.length > 0);
  const texts = blocks.map(([, packed = ""]) => gunzipSync(Buffer.from(packed, "base64")));
  world.write("unpacked/page.txt", Buffer.concat(texts));
  for (const [nth, row] of world.rowsOf("windows", "window_finalized").entries()) {
    const { file, commit } = SealedWork.parse(row["sealed_work"]);
    const folder = world.file(`unpacked/${String(nth)}`);
    await gitIn(world.folder, ["clone", "--quiet", world.file("repo"), folder]);
    await gitIn(folder, ["fetch", "--quiet", world.file(`.experiment/${file}`), "kept"]);
    await gitIn(folder, ["checkout", "--quiet", commit]);
    rmSync(path.join(folder, ".git"), { recursive: true });
  }
  const exchanges = readRecording(world.file("recording"));
  assert.equal(exchanges.length, 2);
  for (const { name, request_body: asked, chunks } of exchanges) {
    const answered = chunks.map(({ bytes }) => Buffer.from(bytes, "base64").toString()).join("");
    const said = answered.match(/(?<="text":")[^"]*/gu)?.join("") ?? "";
    const parts = [Buffer.from(asked, "base64").toString(), answered, said];
    world.write(`unpacked/${name}.txt`, parts.join("\n"));
  }
}
