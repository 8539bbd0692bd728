import type { HandleAt } from "../host/protocol.ts";

/** A value that lives in the solution's process. Steps hold it by its handle. */
export interface Handled {
  readonly handle: number;
}

const handled = new WeakSet<object>();

export function markHandled<T extends Handled>(value: T): T {
  handled.add(value);
  return value;
}

interface Encoded {
  readonly args: readonly unknown[];
  readonly handles: readonly HandleAt[];
}

/** Takes handled values out of a list of arguments, and lists where the host must put them back. */
export function encodeArguments(args: readonly unknown[]): Encoded {
  const handles: HandleAt[] = [];
  return { args: args.map((value, index) => encode(value, [index], handles)), handles };
}

function encode(value: unknown, path: HandleAt["path"], handles: HandleAt[]): unknown {
  if (isHandled(value)) {
    handles.push({ path, handle: value.handle });
    return null;
  }
  if (Array.isArray(value))
    return value.map((part, index) => encode(part, [...path, index], handles));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, encode(part, [...path, key], handles)]),
  );
}

function isHandled(value: unknown): value is Handled {
  return typeof value === "object" && value !== null && handled.has(value);
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
