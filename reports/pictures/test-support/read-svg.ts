import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** An element of an SVG: `:@` has its attributes, and the other key is its name. */
const Elements = z.array(z.record(z.string(), z.unknown()));

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
});

export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** The classes of the groups around it, the outermost first. */
  readonly within: readonly string[];
  /** In pixels from the picture's corner. */
  readonly x: number;
  readonly y: number;
}

/** Every element of an SVG with its place. Fails if the text is not well formed. */
export function readSvg(svg: string): readonly SvgElement[] {
  return walk(Elements.parse(parser.parse(svg, true)), { within: [], x: 0, y: 0 });
}

interface Place {
  readonly within: readonly string[];
  readonly x: number;
  readonly y: number;
}

function walk(nodes: z.infer<typeof Elements>, place: Place): readonly SvgElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ":@");
    if (name === undefined || name === "#text") return [];
    const attributes = z.record(z.string(), z.string()).parse(node[":@"] ?? {});
    const children = Elements.parse(node[name]);
    const [dx, dy] = shiftOf(attributes["transform"] ?? "");
    const here = {
      within: [...place.within, attributes["class"] ?? ""],
      x: place.x + dx,
      y: place.y + dy,
    };
    const text = children
      .map((child) => z.string().optional().parse(child["#text"]) ?? "")
      .join("");
    return [{ name, attributes, text, ...here }, ...walk(children, here)];
  });
}

function shiftOf(transform: string): readonly [number, number] {
  const [, x = "0", y = "0"] = /^translate\(([-\d.e]+),([-\d.e]+)\)/u.exec(transform) ?? [];
  return [Number(x), Number(y)];
}

/** The marks of a layer by its name, for example `layer_0_marks`. */
export function marksOf(elements: readonly SvgElement[], layer: string): readonly SvgElement[] {
  return elements.filter(
    ({ name, within }) =>
      name !== "g" && within.some((classes) => classes.split(" ").includes(layer)),
  );
}

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6 };

export interface Axis {
  readonly isVertical: boolean;
  readonly isLog: boolean;
  /** The view of a picture with several. */
  readonly view?: string;
}

/** Reads values off a picture by the labels and ticks of an axis, as a person does. */
export function readAxis(
  elements: readonly SvgElement[],
  { isVertical, isLog, view = "" }: Axis,
): (mark: { readonly x: number; readonly y: number }) => number {
  const own = elements.filter(({ within }) => within.some((one) => one.endsWith(view)));
  const isAlong = ({ attributes }: SvgElement) => (attributes["y2"] === "0") === isVertical;
  const ticks = own.filter((one) => isIn(one, "axis-tick") && one.name === "line" && isAlong(one));
  const at = ({ x, y }: { readonly x: number; readonly y: number }) => (isVertical ? y : x);
  const labels = own.filter((one) => one.name === "text" && isIn(one, "axis-label"));
  /** A label is next to its tick, so its place along the axis counts more. */
  const distance = (label: SvgElement, tick: SvgElement) => {
    const [dx, dy] = [label.x - tick.x, label.y - tick.y];
    return isVertical ? Math.hypot(dx, dy * ALONG) : Math.hypot(dx * ALONG, dy);
  };
  const scale = (value: number) => (isLog ? Math.log(value) : value);
  const known = ticks.map((tick) => {
    const label = labels.toSorted((one, other) => distance(one, tick) - distance(other, tick))[0];
    return { at: at(tick) - HALF, value: scale(numberIn(label?.text ?? "")) };
  });
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined || first === last) {
    throw new Error("An axis with fewer than two ticks can't be read.");
  }
  const slope = (last.value - first.value) / (last.at - first.at);
  return (mark) => {
    const value = first.value + slope * (at(mark) - first.at);
    return isLog ? Math.exp(value) : value;
  };
}

/** Ticks are moved by half a pixel, so that they are sharp. */
const HALF = 0.5;
const ALONG = 10;

function isIn({ within }: SvgElement, role: string): boolean {
  return within.some((classes) => classes.includes(`role-${role}`));
}

function numberIn(label: string): number {
  const [, digits = "", unit = ""] = /^\$?([−\d.,]+)([kM]?)$/u.exec(label) ?? [];
  return Number(digits.replaceAll(",", "").replace("−", "-")) * (FACTORS[unit] ?? 1);
}
