import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { expect, onTestFinished, test } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import type { Respond } from "../test-support/fake-upstream.ts";
import { messagesStream } from "../test-support/messages-stream.ts";
import { proxyBefore } from "../test-support/proxy-under-test.ts";
import { send } from "../test-support/send.ts";
import { openRecorder } from "./record.ts";
import { readRecording } from "./recorded-exchange.ts";
import { startReplay } from "./replay.ts";

const PAUSE_MS = 120;
const STREAM = messagesStream();
const CREDENTIAL = "sk-of-the-agent";

const streaming: Respond = async (response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "set-cookie": "sid=secret" });
  response.write(STREAM.slice(0, 40));
  await sleep(PAUSE_MS);
  response.end(STREAM.slice(40));
};

function ownFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-recording-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, "recording");
}

/** Records one request for each body. */
async function record(folder: string, bodies: readonly string[], respond = streaming) {
  const recorder = openRecorder(folder, systemClock);
  const { attempt, proxy } = await proxyBefore(respond, { recorder });
  for (const body of bodies) {
    const headers = { authorization: `Bearer ${CREDENTIAL}`, "anthropic-version": "2023-06-01" };
    await send(`${attempt.url}/v1/messages?beta=true`, { headers, body });
  }
  await proxy.closeAttempt(attempt.key);
  await recorder.settled();
  return attempt;
}

async function replay(folder: string, timing: "original" | "zero" = "zero") {
  const server = await startReplay(readRecording(folder), { timing, say: () => undefined });
  onTestFinished(() => server.stop());
  return async (body: string) => await send(`${server.origin}/v1/messages?beta=true`, { body });
}

test("a recording is played with the same bytes", async () => {
  const folder = ownFolder();
  await record(folder, ['{"model":"a"}']);
  const answer = await (await replay(folder))('{"model":"a"}');
  expect([answer.status, answer.isWhole, String(answer.body)]).toEqual([200, true, STREAM]);
  expect(answer.headers["content-type"]).toBe("text/event-stream");
});

test("no credential and no key is in a recording, which is its owner's only", async () => {
  const folder = ownFolder();
  const { key } = await record(folder, ['{"model":"a"}']);
  const [name = ""] = readdirSync(folder);
  const text = readFileSync(path.join(folder, name), "utf8");
  for (const secret of [CREDENTIAL, "sid=secret", key]) expect(text).not.toContain(secret);
  expect(text).toContain("2023-06-01");
  expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
});

test.each<["original" | "zero", boolean]>([
  ["original", true],
  ["zero", false],
])("with %s timing the pauses are kept: %s", async (timing, areKept) => {
  const folder = ownFolder();
  await record(folder, ["{}"]);
  const ask = await replay(folder, timing);
  const startedMs = performance.now();
  await ask("{}");
  expect(performance.now() - startedMs >= PAUSE_MS - 10).toBe(areKept);
});

test("the same request gets its own answer, another one the next, and none gets one twice", async () => {
  const folder = ownFolder();
  await record(
    folder,
    ["one", "two", "three"],
    (response, { body }) => void response.end(`to ${String(body)}`),
  );
  const ask = await replay(folder);
  const answers = [await ask("two"), await ask("unknown"), await ask("three"), await ask("three")];
  expect(answers.map(({ status, body }) => [status, String(body)])).toEqual([
    [200, "to two"],
    [200, "to one"],
    [200, "to three"],
    [402, expect.stringContaining("The recording has no answer.")],
  ]);
});

test("a request that came compressed is kept readable, without keys", async () => {
  const folder = ownFolder();
  const recorder = openRecorder(folder, systemClock);
  const { attempt, proxy } = await proxyBefore(streaming, { recorder });
  const ask = async (encoding: string, body: Buffer) =>
    await send(`${attempt.url}/v1/messages`, {
      headers: { authorization: `Bearer ${CREDENTIAL}`, "content-encoding": encoding },
      body,
    });
  const text = `{"model":"a","said":"${CREDENTIAL}"}`;
  await ask("gzip", gzipSync(text));
  await ask("x-own", Buffer.from(`not to be read: ${CREDENTIAL}`));
  await proxy.closeAttempt(attempt.key);
  await recorder.settled();
  const kept = readRecording(folder).map((one) => String(Buffer.from(one.request_body, "base64")));
  expect(kept).toEqual([text.replace(CREDENTIAL, "*".repeat(CREDENTIAL.length)), ""]);
});

test("a later recording continues after the last exchange, even if an earlier one is missing", async () => {
  const folder = ownFolder();
  await record(folder, ["one", "two"]);
  rmSync(path.join(folder, "000001.json"));
  await record(folder, ["three"]);
  expect(readRecording(folder).map(({ name }) => name)).toEqual(["000002.json", "000003.json"]);
});

test("a recording that can't be written says so in the end, and the agent has its answer", async () => {
  const folder = ownFolder();
  const recorder = openRecorder(folder, systemClock);
  const { attempt } = await proxyBefore(streaming, { recorder });
  rmSync(folder, { recursive: true });
  const { status, body } = await send(`${attempt.url}/v1/messages`, { body: "{}" });
  expect([status, String(body)]).toEqual([200, STREAM]);
  await expect(recorder.settled()).rejects.toThrow(/recording: expected a folder .* got: ENOENT/);
});

test("an answer that was cut is played as cut", async () => {
  const folder = ownFolder();
  await record(folder, ["{}"], (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(STREAM.slice(0, 40), () => response.destroy());
  });
  const { isWhole, body } = await (await replay(folder))("{}");
  expect([isWhole, String(body)]).toEqual([false, STREAM.slice(0, 40)]);
});

test("a folder without a recording is refused, and so is a damaged one", async () => {
  const folder = ownFolder();
  expect(() => readRecording(folder)).toThrow(
    "expected a folder of recorded exchanges, found none",
  );
  await record(folder, ["{}"]);
  writeFileSync(path.join(folder, "000002.json"), "{");
  expect(() => readRecording(folder)).toThrow("000002.json: expected a recorded exchange");
});
