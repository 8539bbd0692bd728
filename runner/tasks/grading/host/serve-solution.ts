import { pathToFileURL } from "node:url";
import { deserialize, serialize } from "node:v8";

import { type Double, makeDouble } from "./doubles.ts";
import type { HandleAt, HostReply, HostRequest } from "./protocol.ts";

const handles = new Map<number, unknown>();
const doubles = new Map<number, Double>();
let solution: unknown;

/** Loads the solution's module, and answers whether that worked. */
export async function load(solutionPath: string): Promise<Uint8Array> {
  try {
    solution = await import(pathToFileURL(solutionPath).href);
    return serializeReply({ kind: "value", value: undefined });
  } catch (error) {
    return serializeReply(describeThrown(error));
  }
}

/** Carries out a request of the acceptance steps. */
export async function answer(payload: Uint8Array): Promise<Uint8Array> {
  // The trusted side wrote this payload, so it has the protocol's shape.
  const request: HostRequest = deserialize(payload);
  try {
    return serializeReply(await carryOut(request));
  } catch (error) {
    return serializeReply(describeThrown(error));
  }
}

function serializeReply(content: HostReply): Uint8Array {
  try {
    return serialize(content);
  } catch (error) {
    const { message } = describeThrown(error);
    return serialize({ kind: "refused", message: `The result can't be copied: ${message}` });
  }
}

async function carryOut(request: HostRequest): Promise<HostReply> {
  switch (request.op) {
    case "call":
    case "construct":
      return await invoke(request);
    case "get":
      return { kind: "value", value: await property(ownerOf(request.target), request.name) };
    case "double": {
      const double = makeDouble(request.answers);
      const handle = keep(double.answer);
      doubles.set(handle, double);
      return { kind: "handle", handle };
    }
    case "answer": {
      const double = doubles.get(request.target);
      if (double !== undefined) double.answers = request.answers;
      return { kind: "value", value: undefined };
    }
    case "received":
      return { kind: "value", value: doubles.get(request.target)?.received };
  }
  throw new Error("There is no such request.");
}

async function invoke(
  request: Extract<HostRequest, { op: "call" | "construct" }>,
): Promise<HostReply> {
  const owner = ownerOf(request.target);
  const method = property(owner, request.name);
  if (typeof method !== "function") {
    return { kind: "refused", message: `The solution has no function "${request.name}".` };
  }
  const args = withHandles(request.args, request.handles);
  const result: unknown =
    request.op === "construct"
      ? Reflect.construct(method, args)
      : await Reflect.apply(method, request.target === null ? undefined : owner, args);
  return request.keep ? { kind: "handle", handle: keep(result) } : { kind: "value", value: result };
}

function ownerOf(target: number | null): unknown {
  return target === null ? solution : handles.get(target);
}

function keep(value: unknown): number {
  const handle = handles.size + 1;
  handles.set(handle, value);
  return handle;
}

function withHandles(args: readonly unknown[], places: readonly HandleAt[]): readonly unknown[] {
  for (const { path, handle } of places) {
    let owner: unknown = args;
    for (const key of path.slice(0, -1)) owner = property(owner, key);
    const last = path.at(-1);
    if (typeof owner === "object" && owner !== null && last !== undefined) {
      Reflect.set(owner, last, handles.get(handle));
    }
  }
  return args;
}

function property(owner: unknown, name: string | number): unknown {
  if (owner === null || owner === undefined) return undefined;
  return Reflect.get(Object(owner), name, owner);
}

function describeThrown(error: unknown): HostReply & { readonly kind: "threw" } {
  if (!(error instanceof Error)) return { kind: "threw", name: "Thrown", message: shorten(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { kind: "threw", name: shorten(error.name), message: shorten(error.message), code };
}

function shorten(value: unknown): string {
  return String(value).slice(0, 2000);
}
