/** The settings that count, by section and key: those of later layers override those of earlier ones. */
export function mergeLayers(layers) {
  const merged = {};
  for (const settings of layers) {
    const sections = {};
    for (const { section, key, value } of settings) {
      sections[section] = { ...sections[section], [key]: value };
    }
    Object.assign(merged, sections);
  }
  return merged;
}
