import { isScalar, visit } from "yaml";
import type { z } from "zod";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { ConfigurationError } from "../environment/configuration-error.ts";
import { type FaultEnd, hintAt, knownKeys } from "./field-hints.ts";
import { findExcess, type LinedDocument, parseWithLines } from "./yaml-position.ts";

/** A fault in a YAML file. `line` counts from 1. */
interface YamlFault {
  readonly line: number;
  readonly text: string;
}

const FAULTS_SHOWN_MAX = 10;
/** Further faults of a file are only counted: a file of thousands would take minutes. */
const FAULTS_READ_MAX = 100;
/** JavaScript gives this key a meaning of its own, so that its entry would be lost. */
const RESERVED_KEY = "__proto__";
const MEND = "Correct the value.";

/**
 * Reads a YAML text by a schema and returns its value.
 * @throws ConfigurationError with one fault per line, sorted: `file:line: expected …, got … . Remedy.`
 */
export function parseYamlFile<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  refuseExcess(file, text);
  const lined = parseWithLines(text);
  const { errors } = lined.document;
  if (errors.length > 0)
    throw faultsIn(
      file,
      errors.map((error) => syntaxFault(error, lined)),
    );
  refuseReservedKeys(file, lined);
  const value = toValue(lined, file);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap(chosenIssues).flatMap(eachKey);
  const faults = issues
    .slice(0, FAULTS_READ_MAX)
    .map((issue) => issueFault(issue, schema, value))
    .map((fault) => ({ line: lined.lineOf(fault.path), text: fault.text }));
  throw faultsIn(file, faults, issues.length);
}

function refuseExcess(file: string, text: string): void {
  const excess = findExcess(text);
  if (excess === undefined) return;
  const { line, most } = excess;
  throw faultsIn(file, [{ line, text: `expected at most ${most}, got more. Leave some out.` }]);
}

function refuseReservedKeys(file: string, lined: LinedDocument): void {
  const faults: YamlFault[] = [];
  visit(lined.document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== RESERVED_KEY) return;
      const text = `expected a name, got "${RESERVED_KEY}", which is reserved. Write another name.`;
      faults.push({ line: lined.lineAt(key.range?.[0] ?? 0), text });
    },
  });
  if (faults.length > 0) throw faultsIn(file, faults);
}

/** Formats a value for a message, at most 80 characters: `"10s"`, `nothing`, `[1, 2]`. */
function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value, hideSecret) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** A value of such a name may be or hold a key, which should not be in a terminal's history. */
function hideSecret(name: string, value: unknown): unknown {
  return name === "auth" || name === "base_url" ? "…" : value;
}

function toValue(lined: LinedDocument, file: string): unknown {
  try {
    const value: unknown = lined.document.toJS();
    // An alias inside its own anchor makes a value that has no end, and is refused here.
    JSON.stringify(value);
    return value;
  } catch (cause) {
    const reason = reasonOf(cause);
    const [first = ""] = reason.split("\n");
    const mend = first.startsWith("Merge")
      ? "Write the alias of a map after the merge key, e.g. <<: *base."
      : "Write the values without aliases.";
    const line = firstReference(lined);
    throw new ConfigurationError(
      `${file}:${String(line)}: expected plain YAML, got: ${first}. ${mend}`,
    );
  }
}

/** The line of the first alias or merge key. */
function firstReference(lined: LinedDocument): number {
  let line = 1;
  const found = ({ range }: { readonly range?: readonly number[] | null | undefined }) => {
    line = lined.lineAt(range?.[0] ?? 0);
    return visit.BREAK;
  };
  visit(lined.document, {
    Alias: (_, alias) => found(alias),
    Pair: (_, { key }) => (isScalar(key) && key.source === "<<" ? found(key) : undefined),
  });
  return line;
}

function syntaxFault(
  error: { readonly message: string; readonly pos: readonly [number, number] },
  lined: LinedDocument,
): YamlFault {
  const reason = error.message.split("\n")[0]?.replace(/[.:]$/u, "") ?? "";
  return {
    line: lined.lineAt(error.pos[0]),
    text: `expected valid YAML, got: ${reason}. Correct the YAML syntax here.`,
  };
}

function faultsIn(
  file: string,
  faults: readonly YamlFault[],
  count = faults.length,
): ConfigurationError {
  const lines = faults
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, text }) => `${file}:${line}: ${text}`);
  const more = count - FAULTS_SHOWN_MAX;
  const end = more > 0 ? [`… and ${more} more.`] : [];
  return new ConfigurationError([...lines.slice(0, FAULTS_SHOWN_MAX), ...end].join("\n"));
}

type Path = readonly PropertyKey[];

/** For a union: the issues of the branch that matches the value's shape, otherwise the union's own issue. */
function chosenIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [meant, ...others] = issue.errors.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  if (meant === undefined || others.length > 0) return [issue];
  return meant.flatMap((inner) => chosenIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** An issue of several unknown fields as one issue for each of them. */
function eachKey(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "unrecognized_keys") return [issue];
  return issue.keys.map((key) => ({ ...issue, keys: [key] }));
}

function issueFault(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
): { readonly path: Path; readonly text: string } {
  if (issue.code !== "unrecognized_keys") {
    return { path: issue.path, text: describeIssue(issue, schema, value) };
  }
  const known = knownKeys(schema, issue.path);
  const [key = ""] = issue.keys;
  const path = [...issue.path, key];
  const got = `expected a known field, got ${showValue(nameOf(path))}.${sayMeant(key, known)}`;
  return { path, text: `${got} Known fields: ${known.join(", ")}.` };
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): string {
  if (issue.code === "invalid_key") return describeKey(issue);
  const found = valueAt(value, issue.path);
  const stated = endOf(issue);
  const hint = stated.mend === undefined ? hintAt(schema, issue.path) : undefined;
  const end: FaultEnd = { ...hint, ...hint?.describe?.(found), ...stated };
  const name = issue.path.length === 0 ? "the file" : JSON.stringify(nameOf(issue.path));
  const got = end.got ?? showValue(found);
  return `expected ${name} to be ${end.expected ?? wordsOf(issue)}, got ${got}. ${end.mend ?? MEND}`;
}

function describeKey({ path, issues }: z.core.$ZodIssueInvalidKey): string {
  const words = issues.map(({ message }) => message).join(", ");
  const parent = JSON.stringify(nameOf(path.slice(0, -1)));
  return `expected a name in ${parent} to be ${words}, got ${showValue(String(path.at(-1)))}. Write another name.`;
}

/** Returns the `FaultEnd` of a custom issue, if any. */
function endOf(issue: z.core.$ZodIssue): FaultEnd {
  const params = issue.code === "custom" ? issue.params : undefined;
  return {
    ...(typeof params?.["got"] === "string" ? { got: params["got"] } : {}),
    ...(typeof params?.["mend"] === "string" ? { mend: params["mend"] } : {}),
  };
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_value") return issue.values.map(showValue).join(" or ");
  if (issue.code === "invalid_type") {
    return TYPE_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
  }
  return boundWords(issue) ?? `valid (${issue.message})`;
}

function boundWords(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "not_multiple_of") return `a multiple of ${String(issue.divisor)}`;
  if (issue.code === "too_small") {
    const relation = issue.inclusive === true ? "at least" : "more than";
    return `${QUANTITY_WORDS[issue.origin] ?? ""}${relation} ${String(issue.minimum)}`;
  }
  if (issue.code === "too_big") {
    const relation = issue.inclusive === true ? "at most" : "less than";
    return `${QUANTITY_WORDS[issue.origin] ?? ""}${relation} ${String(issue.maximum)}`;
  }
  return undefined;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of fields",
  record: "a map of fields",
  array: "a list",
};

const QUANTITY_WORDS: Readonly<Record<string, string>> = {
  array: "a list whose length is ",
  string: "a text whose length is ",
};

function nameOf(path: Path): string {
  return path.map(String).join(".");
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.getOwnPropertyDescriptor(current, key)?.value;
  }
  return current;
}
