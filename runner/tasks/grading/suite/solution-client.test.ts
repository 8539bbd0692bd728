import { writeFileSync } from "node:fs";
import path from "node:path";
import { serialize } from "node:v8";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { answer, load } from "../host/serve-solution.ts";
import { readReply } from "./read-reply.ts";
import { holdHosts, SolutionBrokenError } from "./runner-channel.ts";
import { SolutionClient } from "./solution-client.ts";

const SOLUTION = `
export const version = 7;
export const nothing = null;
export const add = (left, right) => left + right;
export const later = async (value) => value;
export const same = (value) => value;
export const self = function () { return this === undefined; };
export const shout = (log) => { log("first", 1); return [log("second"), log(), log()]; };
export const readClock = ({ clock, others: [more] }) => [clock(), more.count];
export const fail = (error) => { throw Object.assign(new RangeError("too far"), error); };
export const failWith = (value) => { throw value; };
export const giveFunction = () => () => 1;
export const sparse = () => [1, , 3];
export class Counter {
  count = 0;
  constructor(start) { this.count = start; }
  up(by) { this.count += by; return this.count; }
  me() { return this; }
}
`;

/** The hosts that were started and ended. */
const opened: number[] = [];
const closed: number[] = [];
let file = "";

beforeAll(() => {
  holdHosts({
    ask: async (host, payload) => {
      if (payload !== undefined) return await answer(payload);
      opened.push(host);
      return await load(file);
    },
    close: (host) => void closed.push(host),
  });
});

afterAll(() => holdHosts({ ask: async () => await load("/nowhere"), close: () => undefined }));

/** The steps' way to a solution; both sides are in this process. */
function clientOf(code: string = SOLUTION): SolutionClient {
  file = path.join(temporaryFolder(), "solution.mjs");
  writeFileSync(file, code);
  return new SolutionClient();
}

async function brokenBy(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SolutionBrokenError);
  return String(error);
}

describe("a step", () => {
  it("calls exported functions and gets copies of their results", async () => {
    const solution = clientOf();
    expect(await solution.call("add", 2, 3)).toBe(5);
    expect(await solution.call("later", { deep: [1, { two: 2 }] })).toEqual({
      deep: [1, { two: 2 }],
    });
    expect(await solution.get("version")).toBe(7);
    expect(await solution.get("nothing")).toBeNull();
    expect(await solution.call("self")).toBe(true);
    for (const value of [new Map([[1, new Set([2])]]), /x/u, new Uint8Array([1, 2])]) {
      expect(await solution.call("same", value)).toEqual(value);
    }
  });

  it("holds objects of the solution, whose methods run there", async () => {
    const solution = clientOf();
    const counter = await solution.construct("Counter", 40);
    expect(await counter.call("up", 2)).toBe(42);
    const same = await counter.obtain("me");
    expect(await same.call("up", 1)).toBe(43);
    expect(await counter.get("count")).toBe(43);
    const other = await solution.obtain("same", counter);
    expect(await other.get("count")).toBe(43);
    expect(await other.get("missing")).toBeUndefined();
  });

  it("passes functions that answer in turn, and sees what they received", async () => {
    const solution = clientOf();
    const log = await solution.double("a", "b", "c");
    expect(await solution.call("shout", log)).toEqual(["b", "c", "c"]);
    expect(await log.received()).toEqual([["first", 1], ["second"], [], []]);
    await log.returns("d");
    expect(await solution.call("shout", log)).toEqual(["d", "d", "d"]);
    await log.throws("TypeError", "no more");
    await expect(solution.call("shout", log)).rejects.toMatchObject({
      name: "TypeError",
      message: "no more",
    });
  });

  it("passes them within other values too", async () => {
    const solution = clientOf();
    const clock = await solution.double(99);
    const counter = await solution.construct("Counter", 5);
    expect(await solution.call("readClock", { clock, others: [counter] })).toEqual([99, 5]);
  });
});

it("A step gets the errors that the solution throws, with their codes", async () => {
  const solution = clientOf();
  await expect(solution.call("fail", { code: "FAR" })).rejects.toMatchObject({
    name: "RangeError",
    message: "too far",
    code: "FAR",
  });
  const numbered = solution.call("fail", { code: 7 });
  await expect(numbered).rejects.toHaveProperty("code", undefined);
  const long = solution.call("fail", { message: "x".repeat(9000) });
  await expect(long).rejects.toHaveProperty("message", "x".repeat(2000));
  await expect(solution.call("failWith", "just a text")).rejects.toMatchObject({
    name: "Thrown",
    message: "just a text",
  });
});

describe("a solution is at fault", () => {
  it("that has no such function", async () => {
    expect(await brokenBy(clientOf().call("subtract"))).toContain(
      'The solution has no function "subtract".',
    );
    expect(await brokenBy(clientOf().call("version"))).toContain('no function "version"');
  });

  it("whose results can't be copied, are too large or are sparse", async () => {
    const solution = clientOf();
    expect(await brokenBy(solution.call("giveFunction"))).toContain("The result can't be copied: ");
    expect(await brokenBy(solution.call("sparse"))).toContain("returned a sparse array");
    const many = Array.from({ length: 5000 }, () => 0);
    expect(await brokenBy(solution.call("same", many))).toContain("more than 5000 parts or 50");
    expect(await solution.call("same", many.slice(1))).toHaveLength(4999);
    const nested = (depth: number): unknown => (depth === 0 ? 0 : { in: nested(depth - 1) });
    expect(await solution.call("same", nested(50))).toEqual(nested(50));
    expect(await brokenBy(solution.call("same", nested(51)))).toContain("or 50 levels");
    const inSets = (depth: number): unknown =>
      depth === 0
        ? 0
        : depth % 2 === 0
          ? new Set([inSets(depth - 1)])
          : new Map([[1, inSets(depth - 1)]]);
    expect(await brokenBy(solution.call("same", inSets(51)))).toContain("or 50 levels");
  });

  it("whose module can't be loaded, at each request", async () => {
    const solution = clientOf("throw new TypeError('no start')");
    const reason = "The solution's module can't be loaded: TypeError: no start";
    expect(await brokenBy(solution.get("version"))).toContain(reason);
    expect(await brokenBy(solution.get("version"))).toContain(reason);
  });
});

it("A scenario's host starts with the first request and ends with the scenario", async () => {
  const solution = clientOf();
  const other = clientOf();
  const before = [...opened];
  closed.length = 0;
  other.close();
  await solution.get("version");
  await solution.get("version");
  solution.close();
  expect(opened.slice(before.length)).toHaveLength(1);
  expect(closed).toEqual(opened.slice(-1));
  expect(await brokenBy(solution.get("version"))).toContain("The scenario is over.");
});

describe("an answer", () => {
  it("that is no structured clone, or of no known kind, is the host's fault", () => {
    expect(() => readReply(Buffer.from("nonsense"))).toThrow("an answer that can't be read");
    for (const reply of [
      { kind: "other" },
      { kind: "handle", handle: 0 },
      { kind: "value", value: 1, more: 2 },
      { kind: "threw", name: "E", message: "x".repeat(2001) },
      { kind: "refused", message: "x".repeat(4001) },
    ]) {
      expect(() => readReply(serialize(reply))).toThrow("an answer of no known kind");
    }
    expect(readReply(serialize({ kind: "refused", message: "no" }))).toEqual({
      kind: "refused",
      message: "no",
    });
  });
});
