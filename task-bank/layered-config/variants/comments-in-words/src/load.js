import { interpolate } from "./interpolate.js";
import { mergeLayers } from "./merge.js";
import { parseLayer } from "./parse.js";

/** The settings of all layers, by section and key. */
export function loadConfig(layers, variables) {
  const sections = mergeLayers(layers.map(parseLayer));
  return mapValues(sections, (settings) => mapValues(settings, (setting) => interpolate(setting, variables)));
}

function mapValues(map, change) {
  return Object.fromEntries([...map].map(([key, value]) => [key, change(value)]));
}
