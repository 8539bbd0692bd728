import { isUtf8 } from "node:buffer";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** What one call showed and left. */
export interface Observation {
  readonly said: readonly unknown[];
  readonly files: Readonly<Record<string, unknown>>;
}

/** Ids and hashes, as hexadecimal digits or in base 64. */
const ID = /(?<![\w-])(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}|[\w-]{43})(?![\w-])/gu;

/** Progress is said only of what takes its time. */
const PROGRESS = /^Report: .+ \(\d+ s\)\n/gmu;

/** A server says when it answered, by the machine's clock. */
const HTTP_DATE = /\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/gu;

/** Replaces what differs between two equal calls: the folder, addresses, and ids that are new. */
export type Mask = (text: string) => string;

interface Masked {
  readonly folder: string;
  readonly template: string;
  /** The one port that is shown, since a call may ask for it. */
  readonly port: string;
}

/** The ids of the template are in every copy of it, so that only others are new. */
export function maskFor({ folder, template, port }: Masked): Mask {
  const known = new Set(Object.values(textsIn(template)).flatMap((text) => text.match(ID) ?? []));
  return (text) =>
    text
      .replaceAll(PROGRESS, "")
      .replaceAll(folder, "<folder>")
      .replaceAll(HTTP_DATE, "<date>")
      .replaceAll(/\b\d+(?:\.\d+)? ms\b/gu, "<ms>")
      .replaceAll(ID, (id) => (known.has(id) ? id : "<new>"))
      .replaceAll(/(?<=127\.0\.0\.1:)\d+/gu, (found) => (found === port ? found : "<port>"));
}

/**
 * An observation of a run in which agents worked, without numbers and without the names of folders that
 * are drawn. Two equal runs take other times, and so have other figures.
 */
export function withoutNumbers({ said, files }: Observation): Observation {
  return {
    said: said.map((one) => (typeof one === "number" ? one : coarse(one))),
    files: Object.fromEntries(
      Object.entries(files).map(([name, value]) => [coarse(name), coarse(value)]),
    ),
  };
}

function coarse(value: unknown): unknown {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text
    .replaceAll(/(?<=\/counterbalance-\w+-)\w{6}(?=[/"\s]|$)/gu, "<drawn>")
    .replaceAll(/(?<=\/counterbalance-[^/"]*\/)[^"\s]+/gu, "<drawn>")
    .replaceAll(/(?<=W\d+-\d+-\d+-)\w{6}/gu, "<drawn>")
    .replaceAll(/(?<![\w-])\d[\d.,e-]*(?![\w-])/gu, "#")
    .replaceAll(/[#█░▒▓ \n|─-]+/gu, " ");
}

/** Every file below the folder by its name; JSON and lines of JSON by their values. */
export function readFiles(
  folder: string,
  { mask, template }: { readonly mask: Mask; readonly template: string },
): Observation["files"] {
  const isOld = (name: string) => existsSync(path.join(template, name));
  return Object.fromEntries(
    Object.entries(textsIn(folder))
      .filter(([name]) => !NEW_NAMES.test(name) || isOld(name))
      .map(([name, text]) => [mask(name), readText(text, mask)]),
  );
}

/** Agents and graders work in folders whose names are drawn. */
const NEW_NAMES = /^work\//u;

/** Files that are only checked for existence: figures made of times, and the work of agents. */
const UNSEEN = /^work\/counterbalance|^(?:\.experiment|elsewhere)\/(?:reports|state)\//u;

function textsIn(folder: string): Readonly<Record<string, string>> {
  const names = ["**", ".*/**"].flatMap((pattern) => globSync(pattern, { cwd: folder }));
  return Object.fromEntries(
    names
      .toSorted()
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => [name, UNSEEN.test(name) ? "" : textOf(path.join(folder, name))]),
  );
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return isUtf8(bytes) ? bytes.toString() : "<binary>";
}

/** A latency that is only checked for being longer. */
export const SLOW_MS = 3000;

/** Fields that time or the machine sets. */
const VOLATILE =
  /(?:(?<!latency)_ms|_1m)$|^(?:pid|port|minutes|p50|p95|mean_latency_ms)$|^(?:pressure|load|memory)/u;

export function readText(text: string, mask: Mask): unknown {
  const lines = text.split("\n").filter((line) => line !== "");
  const values = [text, ...lines].map(parse);
  const [whole, ...rows] = values;
  if (whole !== undefined) return steady(whole, mask);
  return rows.length > 0 && !rows.includes(undefined) ? steady(rows, mask) : mask(text);
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/u.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function steady(value: unknown, mask: Mask): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((one) => steady(one, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.test(name))
      .map(([name, one]) => [
        mask(name),
        name === "latency_ms" ? Number(one) > SLOW_MS : steady(one, mask),
      ]),
  );
}
