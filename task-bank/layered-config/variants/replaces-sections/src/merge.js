/** The settings that count, by section and key: those of later layers override those of earlier ones. */
export function mergeLayers(layers) {
  const sections = new Map();
  for (const layer of layers) {
    const own = new Map();
    for (const setting of layer) {
      if (!own.has(setting.section)) own.set(setting.section, new Map());
      own.get(setting.section).set(setting.key, setting);
    }
    for (const [section, settings] of own) sections.set(section, settings);
  }
  return sections;
}
