/**
 * The settings of a layer in their order. Each has its section, key and value, and where it is, e.g. `site:3`.
 */
export function parseLayer({ name, text }) {
  let section = "main";
  const settings = [];
  const lines = text
    .split("\n")
    .map((line) => line.replace(/[;#].*/, "").trim())
    .filter((line) => line !== "");
  for (const [index, line] of lines.entries()) {
    const at = `${name}:${index + 1}`;
    if (line.startsWith("[")) section = readSection(line, at);
    else settings.push({ section, at, ...readSetting(line, at) });
  }
  return settings;
}

function readSection(line, at) {
  const [, name = ""] = /^\[([^\]]*)\]$/.exec(line) ?? [];
  if (name.trim() === "") throw new SyntaxError(`${at}: expected a section, e.g. [web]`);
  return name.trim();
}

function readSetting(line, at) {
  const [key, value] = line.split("=");
  if (value === undefined) throw new SyntaxError(`${at}: expected a setting, e.g. port = 80`);
  return { key: key.trim(), value: readValue(value.trim()) };
}

function readValue(text) {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
