/** The settings that count, by section and key: those of later layers override those of earlier ones. */
export function mergeLayers(layers) {
  const sections = new Map();
  for (const setting of layers.flat()) {
    if (!sections.has(setting.section)) sections.set(setting.section, new Map());
    sections.get(setting.section).set(setting.key, setting);
  }
  return sections;
}
