import { expect, test } from "vitest";

import { movePaths } from "./move-paths.ts";

const MOVE = { from: "/tmp/first/W0-01-1-aaaa", to: "/var/other/W0-01-1-b" };

function event(data: object): string {
  return `event: ${"type" in data ? String(data.type) : ""}\ndata: ${JSON.stringify(data)}\n\n`;
}

function piece(partial_json: string, index = 1): string {
  return event({ type: "content_block_delta", index, delta: { partial_json } });
}

function moved(...texts: readonly string[]): string {
  const chunks = texts.map((text, at_ms) => ({ at_ms, bytes: Buffer.from(text) }));
  return movePaths(chunks, MOVE)
    .map(({ bytes }) => String(bytes))
    .join("");
}

test("a path that is spread over events is whole in the first of them", () => {
  const pieces = ['{"file_path":"/tmp/fir', "st/W0-0", '1-1-aaaa/src/a.ts","x":', '"é"}'];
  const text = moved(pieces.map((one) => piece(one)).join(""));
  const said = text.split("\n\n").flatMap((one) => /data: (.*)/.exec(one)?.[1] ?? []);
  expect(said.map((one) => JSON.parse(one).delta.partial_json).join("")).toBe(
    '{"file_path":"/var/other/W0-01-1-b/src/a.ts","x":"é"}',
  );
});

test("two paths in one text are both moved", () => {
  const text = moved(
    piece(`${MOVE.from}/a ${MOVE.from.slice(0, 5)}`),
    piece(`${MOVE.from.slice(5)}/b`),
  );
  expect(text).toContain(`${MOVE.to}/a ${MOVE.to}`);
  expect(text).toContain('"/b"');
  expect(text).not.toContain("aaaa");
});

test("pieces of different parts of an answer are not put together", () => {
  const stream = piece("/tmp/first/", 0) + piece("W0-01-1-aaaa", 1);
  expect(moved(stream)).toBe(stream);
});

test("events that don't speak of it keep their bytes, whatever they are", () => {
  const stream = 'event: ping\ndata: { "type":"ping" }\n\n: a comment\n\ndata: [DONE]\n\n';
  expect(moved(stream.slice(0, 7), stream.slice(7))).toBe(stream);
});

test("a document that is no stream is moved as well", () => {
  expect(moved(`{"path":"${MOVE.from}/a"}`)).toBe(`{"path":"${MOVE.to}/a"}`);
});

test("each event comes when its last byte had come", () => {
  const stream = piece("a") + piece("b");
  const half = stream.indexOf("\n\n");
  const chunks = [stream.slice(0, half), stream.slice(half)].map((text, at_ms) => ({
    at_ms: at_ms * 10,
    bytes: Buffer.from(text),
  }));
  expect(movePaths(chunks, MOVE).map(({ at_ms }) => at_ms)).toEqual([10, 10]);
});
