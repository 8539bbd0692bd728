import assert from "node:assert/strict";

import { Given, Then, When, defineParameterType } from "@cucumber/cucumber";

const CUTS = [1, 2, 3, 5, 1000];

defineParameterType({
  name: "stream",
  regexp: /`([^`]*)`/,
  transformer: (shown) => {
    const text = shown.replaceAll("⏎", "\n").replaceAll("␍", "\r");
    return Buffer.concat(
      text
        .split(/(<[0-9A-F]{2}>)/)
        .map((part, index) => Buffer.from(index % 2 === 0 ? part : part.slice(1, 3), index % 2 === 0 ? "utf8" : "hex")),
    );
  },
});

defineParameterType({ name: "json", regexp: /\{.*\}/, transformer: (json) => JSON.parse(json) });

async function makeDecoder(world) {
  return await world.solution.construct("LineDecoder", { maxBytes: world.maxBytes });
}

async function push(decoder, bytes) {
  return await decoder.call("push", new Uint8Array(bytes));
}

async function readInChunks(world, stream, size) {
  const decoder = await makeDecoder(world);
  const readings = [];
  for (let at = 0; at < stream.length; at += size) readings.push(...(await push(decoder, stream.subarray(at, at + size))));
  return [...readings, ...(await decoder.call("end"))];
}

/** What a reading should be, from what the scenario shows: a fault, pairs, or an object of them. */
function readingOf([line, shown]) {
  if (typeof shown === "string") return { line: Number(line), fault: shown };
  return { line: Number(line), fields: Array.isArray(shown) ? shown : Object.entries(shown) };
}

function linesOf(readings) {
  return readings.map(({ line }) => line).join(", ");
}

Given("a decoder for lines of up to {int} bytes", async function (maxBytes) {
  this.maxBytes = maxBytes;
  this.decoder = await makeDecoder(this);
});

When("the chunks {stream}, {stream}, {stream} and {stream} arrive", async function (first, second, third, fourth) {
  this.lines = [];
  for (const chunk of [first, second, third, fourth]) this.lines.push(linesOf(await push(this.decoder, chunk)));
});

When("{int} chunks of {int} letters arrive", async function (count, letters) {
  const chunk = Buffer.from("x".repeat(letters));
  for (let index = 0; index < count; index += 1) assert.deepEqual(await push(this.decoder, chunk), []);
});

When("another decoder reads {stream}", async function (stream) {
  assert.equal(linesOf(await readInChunks(this, stream, 1000)), "1");
});

Then("however it is cut, {stream} is read as {json}", async function (stream, expected) {
  for (const size of CUTS) {
    const readings = await readInChunks(this, stream, size);
    assert.deepEqual(readings, Object.entries(expected).map(readingOf), `chunks of ${size} bytes`);
  }
});

Then("they give the lines {string}, {string}, {string} and {string}", function (first, second, third, fourth) {
  assert.deepEqual(this.lines, [first, second, third, fourth]);
});

Then("the end gives line {int}, once", async function (line) {
  assert.equal(linesOf(await this.decoder.call("end")), String(line));
  assert.deepEqual(await this.decoder.call("end"), []);
});

Then("the end gives nothing", async function () {
  assert.deepEqual(await this.decoder.call("end"), []);
});
