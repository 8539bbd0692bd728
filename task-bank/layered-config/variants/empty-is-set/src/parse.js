/**
 * The settings of a layer in their order. Each has its section, key and value, and where it is, e.g. `site:3`.
 */
export function parseLayer({ name, text }) {
  let section = "main";
  const settings = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const at = `${name}:${index + 1}`;
    const line = raw.trim();
    if (line === "" || isComment(line)) continue;
    if (line.startsWith("[")) section = readSection(line, at);
    else settings.push({ section, at, ...readSetting(line, at) });
  }
  return settings;
}

function isComment(line) {
  return line.startsWith(";") || line.startsWith("#");
}

function readSection(line, at) {
  const [, name = ""] = /^\[([^\]]*)\]$/.exec(line) ?? [];
  if (name.trim() === "") throw new SyntaxError(`${at}: expected a section, e.g. [web]`);
  return name.trim();
}

function readSetting(line, at) {
  const equals = line.indexOf("=");
  if (equals < 1) throw new SyntaxError(`${at}: expected a setting, e.g. port = 80`);
  return { key: line.slice(0, equals).trim(), value: readValue(line.slice(equals + 1).trim(), at) };
}

function readValue(text, at) {
  if (!text.startsWith('"')) return text.replace(/(?:^|\s+)[;#].*/, "");
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:[;#].*)?$/.exec(text);
  if (quoted === null) throw new SyntaxError(`${at}: expected one text in quotes`);
  return quoted[1].replace(/\\(.)/g, "$1");
}
