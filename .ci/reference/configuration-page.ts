import { z } from "zod";

import { ExperimentFile } from "../../runner/plan/config/experiment-file.ts";
import { code, page, section } from "./markdown.ts";

/** The part of JSON Schema that the schema of `experiment.yaml` uses. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const COLUMNS = ["field", "type", "default", "meaning"];

/** The page of every field of `experiment.yaml`. */
export function configurationPage(): string {
  const schema: Schema = JSON.parse(
    JSON.stringify(z.toJSONSchema(ExperimentFile, { io: "input" })),
  );
  const fields = Object.entries(schema.properties ?? {});
  const isBlock = ([, field]: readonly [string, Schema]) => field.type === "object";
  const plain = Object.fromEntries(fields.filter((field) => !isBlock(field)));
  return page(
    "the schema in runner/plan/config/experiment-file.ts",
    "# Configuration",
    "The fields of `experiment.yaml`. Editors complete and check them by [experiment.schema.json](../experiment.schema.json). A [price file](price-file.md) has the fields of a plan and of prices.",
    section("## Top level", COLUMNS, rowsBelow({ ...schema, properties: plain }, "")),
    ...fields
      .filter(isBlock)
      .flatMap(([name, field]) => [
        `## ${code(name)}`,
        ...(field.description === undefined ? [] : [field.description]),
        ...section("", COLUMNS, rowsBelow(field, name)).slice(1),
      ]),
  );
}

/** A row for each field below a map, and for the fields below these. */
function rowsBelow(schema: Schema, path: string): readonly (readonly string[])[] {
  const { properties = {}, additionalProperties: entry, required = [], items } = schema;
  if (typeof entry === "object") return rowsBelow(entry, `${path}.<name>`);
  if (items !== undefined) return rowsBelow(items, `${path}[]`);
  return Object.entries(properties).flatMap(([name, field]) => {
    const place = path === "" ? name : `${path}.${name}`;
    const preset = required.includes(name) ? "required" : defaultOf(field);
    return [
      [code(place), typeOf(field), preset, field.description ?? ""],
      ...rowsBelow(field, place),
    ];
  });
}

function defaultOf({ default: preset, type }: Schema): string {
  return preset === undefined || type === "object" ? "" : code(JSON.stringify(preset));
}

function typeOf(schema: Schema): string {
  const { type, const: only, enum: choices, anyOf, items } = schema;
  if (choices !== undefined) return choices.map(code).join(", ");
  if (only !== undefined) return code(only);
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" or ");
  if (items !== undefined) return `list: ${typeOf(items)}`;
  if (type === "object") return "map";
  return type === "string" ? "text" : `${type ?? "any"}${rangeOf(schema)}`;
}

/** `, 1 to 100`; nothing for a bound that every number of JSON has. */
function rangeOf({ minimum, exclusiveMinimum, maximum = Infinity }: Schema): string {
  const most = maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (exclusiveMinimum !== undefined) {
    return `, above ${exclusiveMinimum}${most === null ? "" : `, at most ${most}`}`;
  }
  if (minimum === undefined) return "";
  return most === null ? `, from ${minimum}` : `, ${minimum} to ${most}`;
}
