import { expect, test } from "vitest";

import { gemini, GeminiMeter } from "./gemini.ts";

function read(document: unknown) {
  const meter = new GeminiMeter();
  meter.readDocument(document);
  return meter.reading();
}

const STOP = [{ finishReason: "STOP" }];

test("the prompts of tools are input, and thoughts are output", () => {
  const usageMetadata = {
    promptTokenCount: 20,
    toolUsePromptTokenCount: 5,
    cachedContentTokenCount: 8,
    thoughtsTokenCount: 4,
    candidatesTokenCount: 6,
  };
  expect(read({ candidates: STOP, usageMetadata, modelVersion: "g" })).toEqual({
    model: "g",
    usage: { input_uncached: 17, cache_read: 8, output: 10, reasoning: 4, requests: 1 },
    isComplete: true,
    outputEstimate: null,
    error: null,
  });
});

test("a later part replaces the figures of an earlier one, and keeps those that it lacks", () => {
  const first = { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 } };
  const last = { candidates: STOP, usageMetadata: { candidatesTokenCount: 7 } };
  expect(read([first, last]).usage).toEqual({ input_uncached: 9, output: 7, requests: 1 });
});

test("without a finish reason, an answer is not complete and its output is estimated", () => {
  const text = { candidates: [{ content: { parts: [{ text: "word ".repeat(100) }] } }] };
  const { isComplete, usage, outputEstimate } = read([text]);
  expect([isComplete, usage]).toEqual([false, null]);
  expect(outputEstimate).toBeGreaterThan(90);
});

test("a blocked prompt is a complete answer", () => {
  const usageMetadata = { promptTokenCount: 9 };
  const blocked = read({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata });
  expect(blocked).toMatchObject({ isComplete: true, usage: { input_uncached: 9, requests: 1 } });
});

test("the log-in of the command line wraps its parts", () => {
  const response = { candidates: STOP, usageMetadata: { promptTokenCount: 3 } };
  expect(read([{ response }])).toMatchObject({ isComplete: true, usage: { input_uncached: 3 } });
});

test("an error has the vendor's name for it", () => {
  const { error, isComplete } = read({ error: { code: 429, status: "RESOURCE_EXHAUSTED" } });
  expect([error, isComplete]).toEqual(["RESOURCE_EXHAUSTED", false]);
});

test("its refusals have its own form, and ask for no other try", () => {
  const sentence = "Spending cap reached. This run is over.";
  const body = { error: { code: 402, message: sentence, status: "FAILED_PRECONDITION" } };
  expect(gemini.hardStop(sentence)).toEqual({ status: 402, body });
  expect(gemini.streamStop(sentence)).toBe(`data: ${JSON.stringify(body)}\n\n`);
});

test.each<[string, object, object | undefined]>([
  ["a tier", { serviceTier: "priority" }, { tier: "priority" }],
  ["the kind of traffic (Vertex AI)", { trafficType: "ON_DEMAND_FLEX" }, { tier: "flex" }],
  ["the usual traffic", { trafficType: "ON_DEMAND" }, undefined],
  ["sound", { promptTokensDetails: [{ modality: "AUDIO", tokenCount: 2 }] }, { audio_input: 2 }],
  [
    "pictures",
    { candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1 }] },
    { image_output: 1 },
  ],
])("an answer states %s", (_, terms, billing) => {
  const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 1, ...terms };
  expect(read({ candidates: STOP, usageMetadata }).usage?.billing).toEqual(billing);
});

function sound(tokenCount: number) {
  return [{ modality: "AUDIO", tokenCount }];
}

test.each<[string, object, object | undefined]>([
  ["as the details state it", { cacheTokensDetails: sound(900) }, { audio_input: 100 }],
  ["as all of the prompt is sound", {}, { audio_input: 100 }],
  ["unless the cache has nothing else", { cacheTokensDetails: sound(1000) }, undefined],
])("cached sound is counted once, %s", (_, details, billing) => {
  const counts = { promptTokenCount: 1000, cachedContentTokenCount: 900, candidatesTokenCount: 1 };
  const usageMetadata = { ...counts, promptTokensDetails: sound(1000), ...details };
  expect(read({ candidates: STOP, usageMetadata }).usage?.billing).toEqual(billing);
});

test("the searches of an answer are counted", () => {
  const candidates = [
    { finishReason: "STOP", groundingMetadata: { webSearchQueries: ["a", "b"] } },
  ];
  const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 1 };
  expect(read({ candidates, usageMetadata }).usage?.web_searches).toBe(2);
});
