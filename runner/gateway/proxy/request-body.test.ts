import { assert, boolean, constant, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { topLevelMembers } from "./request-body.ts";

const NAMES = ["model", "stream"];

function read(json: string): Record<string, unknown> {
  return Object.fromEntries(topLevelMembers(Buffer.from(json), NAMES));
}

describe("topLevelMembers", () => {
  test.each([
    ['{"model":"a","stream":true}', { model: "a", stream: true }],
    ['\n{ "messages" : [{"model":"x"}] ,\t"model" : "a" }', { model: "a" }],
    ['{"model":"a","model":"b"}', { model: "b" }],
    ['{"model":{"name":"a"},"stream":null}', { model: undefined, stream: null }],
    ['{"mo\\u0064el":"\\u00e9\\"}"}', { model: 'é"}' }],
    ['{"text":"\\"model\\":\\"x\\"","stream":false}', { stream: false }],
    ['{"text":"ends in a backslash \\\\","model":"a"}', { model: "a" }],
    ['["model","stream"]', {}],
    ['{"model":"a"', {}],
    ['{"model":"a', {}],
    ["", {}],
    ["model", {}],
  ])("reads %s", (json, members) => {
    expect(read(json)).toEqual(members);
  });

  test("agrees with JSON.parse on whatever else the object contains", () => {
    const text = string({ unit: "binary", maxLength: 150 });
    const others = dictionary(text, jsonValue({ maxDepth: 3 }));
    const inner = constant({ messages: [{ model: "inner", stream: false }] });
    assert(
      property(others, inner, text, boolean(), (before, between, ...[model, stream]) => {
        const json = JSON.stringify({ ...before, model, ...between, stream }, null, 1);
        const { model: expected } = z.object({ model: z.string() }).parse(JSON.parse(json));
        expect(read(json)).toEqual({ model: expected, stream });
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  test("finds the end of texts that are longer than a stride, however they are escaped", () => {
    for (let length = 0; length < 200; length += 1) {
      const text = `${"x".repeat(length)}\\"${"\\".repeat(length % 5)}`;
      expect(read(JSON.stringify({ text, model: "a" }))).toEqual({ model: "a" });
    }
  });
});
