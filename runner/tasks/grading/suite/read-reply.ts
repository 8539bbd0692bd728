import { types } from "node:util";
import { deserialize } from "node:v8";

import { z } from "zod";

import type { HostReply } from "../host/protocol.ts";
import { SolutionBrokenError } from "./runner-channel.ts";

/** What a host answers to a request. */
const HostReply: z.ZodType<HostReply> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("value"), value: z.unknown() }),
  z.strictObject({ kind: z.literal("handle"), handle: z.int().positive() }),
  z.strictObject({
    kind: z.literal("threw"),
    name: z.string().max(2000),
    message: z.string().max(2000),
    code: z.string().max(2000).optional(),
  }),
  z.strictObject({ kind: z.literal("refused"), message: z.string().max(4000) }),
]);

const DEPTH_MAX = 50;
const PARTS_MAX = 5000;

/** Reads what an untrusted host sent: bytes of a structured clone. @throws SolutionBrokenError */
export function readReply(payload: Uint8Array): HostReply {
  const result = HostReply.safeParse(decode(payload));
  if (!result.success)
    throw new SolutionBrokenError("The solution's process sent an answer of no known kind.");
  if (result.data.kind === "value") assertPlain(result.data.value, { parts: 0 }, 0);
  return result.data;
}

function decode(payload: Uint8Array): unknown {
  try {
    return deserialize(payload);
  } catch {
    throw new SolutionBrokenError("The solution's process sent an answer that can't be read.");
  }
}

/**
 * Counts a part each time it is met, not once: a small clone can refer to itself so often that comparing
 * or printing it would never end.
 */
function assertPlain(value: unknown, tally: { parts: number }, depth: number): void {
  tally.parts += 1;
  if (depth > DEPTH_MAX || tally.parts > PARTS_MAX) {
    throw new SolutionBrokenError(
      `The solution gave back more than ${PARTS_MAX} parts or ${DEPTH_MAX} levels.`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const part of partsOf(value)) assertPlain(part, tally, depth + 1);
}

function partsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) {
    const parts: unknown[] = Object.values(value);
    if (parts.length !== value.length)
      throw new SolutionBrokenError("The solution returned a sparse array.");
    return parts;
  }
  if (types.isMap(value)) return [...value].flat();
  if (types.isSet(value)) return value;
  if (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value)
  )
    return [];
  return Object.values(value);
}
