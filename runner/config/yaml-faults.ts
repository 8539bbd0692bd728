import { LineCounter, isMap, isNode, isScalar, parseDocument } from "yaml";
import type { Document } from "yaml";
import { z } from "zod";

/** What a field wants in words, and how to mend it; both are sentences' ends of a fault's message. */
export interface FieldHint {
  /** Follows `expected "field" to be …`. */
  readonly expected: string;
  /** A whole sentence, e.g. `Write seconds, e.g. 600.` */
  readonly mend: string;
}

/** Hints by schema: `z.int().register(fieldHints, { expected, mend })`. */
export const fieldHints = z.registry<FieldHint>();

/** One thing wrong with a YAML file; `line` counts from 1. */
interface YamlFault {
  readonly line: number;
  readonly text: string;
}

export interface YamlSource<Schema extends z.ZodType> {
  /** How the file is named in messages. */
  readonly file: string;
  readonly text: string;
  readonly schema: Schema;
  /** The class of the error to throw; it gets the whole message. */
  readonly ErrorClass: new (message: string) => Error;
}

const FAULTS_SHOWN_MAX = 10;

/**
 * Reads a YAML text by a schema and returns its value.
 * Faults are thrown as `file:line: expected …, got … . Mend.`, one a line, in the order of their lines.
 */
export function parseYamlFile<Schema extends z.ZodType>(
  source: YamlSource<Schema>,
): z.output<Schema> {
  const lineCounter = new LineCounter();
  const document = parseDocument(source.text, { lineCounter, prettyErrors: false });
  const lineOf = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  if (document.errors.length > 0) {
    throw new source.ErrorClass(
      describeFaults(
        source.file,
        document.errors.map((error) => syntaxFault(error, lineOf)),
      ),
    );
  }
  const value = toValue(document, source);
  const result = source.schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) =>
    issueFaults(issue, source.schema, value).map(({ path, text }) => ({
      line: lineOf(offsetOf(document, path)),
      text,
    })),
  );
  throw new source.ErrorClass(describeFaults(source.file, faults));
}

/** `"10s"`, `nothing`, `[1, 2]`: a value as a message shows it, at most 80 characters. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function toValue(document: Document, source: Omit<YamlSource<z.ZodType>, "schema">): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new source.ErrorClass(
      `${source.file}:1: expected plain YAML, got: ${reason}. Write the values without aliases.`,
    );
  }
}

function syntaxFault(
  error: { readonly message: string; readonly pos: readonly [number, number] },
  lineOf: (offset: number) => number,
): YamlFault {
  const reason = error.message.split("\n")[0]?.replace(/[.:]$/u, "") ?? "";
  return {
    line: lineOf(error.pos[0]),
    text: `expected valid YAML, got: ${reason}. Correct the YAML syntax here.`,
  };
}

function describeFaults(file: string, faults: readonly YamlFault[]): string {
  const lines = faults
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, text }) => `${file}:${line}: ${text}`);
  const more = lines.length - FAULTS_SHOWN_MAX;
  return [...lines.slice(0, FAULTS_SHOWN_MAX), ...(more > 0 ? [`… and ${more} more.`] : [])].join(
    "\n",
  );
}

type Path = readonly PropertyKey[];

interface FieldFault {
  readonly path: Path;
  readonly text: string;
}

function issueFaults(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
): readonly FieldFault[] {
  if (issue.code !== "unrecognized_keys") {
    return [{ path: issue.path, text: describeIssue(issue, schema, value) }];
  }
  const known = knownKeys(schemaAt(schema, issue.path));
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    text: `expected a known field, got ${showValue(nameOf([...issue.path, key]))}. Known fields: ${known.join(", ")}.`,
  }));
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): string {
  const hint = hintAt(schema, issue.path);
  const name = issue.path.length === 0 ? "the file" : JSON.stringify(nameOf(issue.path));
  const expected = hint?.expected ?? wordsOf(issue);
  const mend = hint?.mend ?? "Correct the value.";
  return `expected ${name} to be ${expected}, got ${showValue(valueAt(value, issue.path))}. ${mend}`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value")
    return issue.values.map((value) => showValue(value)).join(" or ");
  if (issue.code === "invalid_type") return `a value of type ${issue.expected}`;
  if (issue.code === "custom") return issue.message;
  return `valid (${issue.message})`;
}

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

function hintAt(schema: z.ZodType, path: Path): FieldHint | undefined {
  for (let current = schemaAt(schema, path); current !== undefined; current = unwrapOnce(current)) {
    const hint = fieldHints.get(current);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    if (current === undefined) return undefined;
    current = childOf(unwrap(current), key);
  }
  return current;
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

function knownKeys(schema: z.core.$ZodType | undefined): readonly string[] {
  const inner = schema === undefined ? undefined : unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = unwrapOnce(schema);
  return inner === undefined ? schema : unwrap(inner);
}

function unwrapOnce(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return schema.def.innerType;
  }
  return undefined;
}

/** Where the deepest part of a path that exists begins: a field at its key, so that long values don't shift the line. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const offset = offsetAt(document, path.slice(0, depth));
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

function offsetAt(document: Document, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const name = String(path.at(-1));
  const pair = isMap(parent) ? parent.items.find(({ key }) => nameOfKey(key) === name) : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function nameOfKey(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
