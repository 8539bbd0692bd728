import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { openProxyOf } from "./support/open-proxy.ts";
import { askRows } from "./support/recorded-asking.ts";
import { message } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const ENCODERS: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: gzipSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  deflate: deflateSync,
  "x-own": (text) => Buffer.from(text),
};
const answered = new WeakMap<ExperimentWorld, string>();

Given(
  "plain's agents have been recorded in {string} asking:",
  async function (this: ExperimentWorld, folder: string, requests: DataTable) {
    await openProxyOf(this).open(`experiment proxy --record ${folder}`);
    await askRows(this, requests);
    await openProxyOf(this).close();
  },
);

Given(
  "its upstreams answer in {word}, and quote {string} and {string}",
  function (this: ExperimentWorld, encoding: string, one: string, other: string) {
    openProxyOf(this).respond = (response) => {
      const content = [{ type: "text", text: `${one} and ${other}` }];
      const type = { "content-type": "application/json", "content-encoding": encoding };
      response.writeHead(200, type);
      response.end(ENCODERS[encoding]?.(message({ content })));
    };
  },
);

When(
  "they ask a replay of {string}:",
  async function (this: ExperimentWorld, folder: string, requests: DataTable) {
    await openProxyOf(this).open(`experiment proxy --replay ${folder}`);
    answered.set(this, await askRows(this, requests));
    await openProxyOf(this).close();
  },
);

Then("they get the recorded answers {string}", function (this: ExperimentWorld, numbers: string) {
  assert.equal(answered.get(this), numbers);
});

Then(
  "it gets the recorded answer, unpacked and with {string} and {string} for the keys",
  function (this: ExperimentWorld, one: string, other: string) {
    const { answer } = openProxyOf(this);
    const content = [{ type: "text", text: `${one} and ${other}` }];
    assert.equal(String(answer?.body), message({ content }));
    assert.equal(answer?.headers["content-encoding"], undefined);
  },
);

Then(
  "{string} holds neither {string} nor {string}",
  function (this: ExperimentWorld, folder: string, one: string, other: string) {
    const texts = readdirSync(this.file(folder)).map((name) => this.read(`${folder}/${name}`));
    const kept = texts.flatMap((text) => [text, answerIn(text)]).join("\n");
    assert.ok(texts.length > 0);
    assert.deepEqual(
      [one, other].filter((secret) => kept.includes(secret)),
      [],
    );
  },
);

function answerIn(text: string): string {
  const { chunks }: { chunks: readonly { bytes: string }[] } = JSON.parse(text);
  return chunks.map(({ bytes }) => String(Buffer.from(bytes, "base64"))).join("");
}
