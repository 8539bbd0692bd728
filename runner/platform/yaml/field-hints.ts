import { z } from "zod";

/** The words for a field in an error message. */
export interface FieldHint {
  /** Follows `expected "field" to be …`. */
  readonly expected: string;
  /** A whole sentence, e.g. `Write seconds, e.g. 600.` */
  readonly mend: string;
  /** Describes a value that must not be shown. */
  readonly describe?: (value: unknown) => FaultEnd;
}

/** Hints by schema: `z.int().register(fieldHints, { expected, mend })`. */
export const fieldHints = z.registry<FieldHint>();

/**
 * The end of a message about a fault that spans fields, as the `params` of a custom issue:
 * `context.addIssue({ code: "custom", path, message: "one of …", params: { mend } })`.
 */
export interface FaultEnd {
  /** Shown instead of the field's own. */
  readonly expected?: string;
  readonly mend?: string;
  /** Shown instead of the value. */
  readonly got?: string;
}

type Path = readonly PropertyKey[];

/** Returns the hint of the schema at a path, or of the schema that it wraps. */
export function hintAt(schema: z.core.$ZodType, path: Path): FieldHint | undefined {
  for (let current = schemaAt(schema, path); current !== undefined; current = unwrapOnce(current)) {
    const hint = fieldHints.get(current);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** Returns the field names that the map at a path may have. */
export function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  const kinds = found === undefined ? [] : kindsOf(found);
  return kinds.flatMap((kind) => (kind instanceof z.ZodObject ? Object.keys(kind.shape) : []));
}

function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    if (current === undefined) return undefined;
    current = kindsOf(current).reduce<z.core.$ZodType | undefined>(
      (found, kind) => found ?? childOf(kind, key),
      undefined,
    );
  }
  return current;
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

/** Returns the schema without its wrappers; for a union, each of its branches. */
function kindsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const inner = unwrapOnce(schema);
  if (inner !== undefined) return kindsOf(inner);
  return schema instanceof z.ZodUnion ? schema.options.flatMap(kindsOf) : [schema];
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
