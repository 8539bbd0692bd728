import { interpolate } from "./interpolate.js";
import { mergeLayers } from "./merge.js";
import { parseLayer } from "./parse.js";

/** The settings of all layers, by section and key. */
export function loadConfig(layers, variables) {
  const parsed = layers.map((layer) =>
    parseLayer(layer).map((setting) => ({ ...setting, value: interpolate(setting, variables) })),
  );
  return mergeLayers(parsed);
}
