import type { Question } from "../evidence/question.ts";
import { ink, SERIES } from "./palette.ts";
import { type Domain, linearTicks, logTicks } from "./scales.ts";
import { costFormat, costTitle } from "./words.ts";

type Part = Readonly<Record<string, unknown>>;

/** One kind of mark with its data. */
export function layer(values: readonly object[], mark: Part, encoding: Part): Part {
  return { data: { values }, mark, encoding };
}

/** Marks take the dash that their data name; a legend shows colour and shape. */
export const DASHED = { field: "dash", type: "nominal", scale: null };

/** Colour and shape of each series, always both. */
export function seriesOf(field: string, names: readonly string[]): { color: Part; shape: Part } {
  const pick = <Value>(range: readonly Value[]) =>
    names.map((_, index) => range[index % range.length]);
  const channel = (range: readonly unknown[]) => ({
    field,
    type: "nominal",
    scale: { domain: names, range },
  });
  return { color: channel(pick(SERIES.colours)), shape: channel(pick(SERIES.shapes)) };
}

/** The dash of a series by its place. */
export function dashOf(index: number): readonly number[] {
  return SERIES.dashes[index % SERIES.dashes.length] ?? [];
}

interface Lines<Field> {
  readonly field: Field;
  readonly names: readonly string[];
  /** How many values a series has. */
  readonly moments: number;
  readonly place: Part;
}

const POINTS_MAX = 40;

/** A line for each series with its points; of many points only the last one. */
export function lineLayers<Field extends string>(
  values: readonly Readonly<Record<Field, string>>[],
  { field, names, moments, place }: Lines<Field>,
): readonly Part[] {
  const { color, shape } = seriesOf(field, names);
  const last = [...new Map(values.map((value) => [value[field], value])).values()];
  return [
    layer(values, { type: "line", strokeWidth: 2 }, { ...place, color, strokeDash: DASHED }),
    layer(moments > POINTS_MAX ? last : values, { type: "point" }, { ...place, color, shape }),
  ];
}

interface AxisParts {
  readonly title: string | null;
  readonly domain: Domain;
  readonly format: string;
  readonly axis?: Part;
  readonly scale?: Part;
}

export function logAxis({ title, domain, format, axis, scale }: AxisParts): Part {
  return {
    type: "quantitative",
    title,
    scale: { type: "log", domain, nice: false, ...scale },
    axis: { values: logTicks(domain), format, labelOverlap: false, ...axis },
  };
}

export function linearAxis({ title, domain, format, axis, scale }: AxisParts): Part {
  return {
    type: "quantitative",
    title,
    scale: { domain, nice: false, zero: false, ...scale },
    axis: { values: linearTicks(domain), format, ...axis },
  };
}

export function costAxis(asked: Question, domain: Domain): Part {
  return logAxis({ title: costTitle(asked), domain, format: costFormat(asked) });
}

export const DOTTED = { type: "rule", color: ink, strokeDash: [2, 3] };
