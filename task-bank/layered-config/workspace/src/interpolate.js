/** The value of a setting, with variables put in. */
export function interpolate({ value, at }, variables) {
  const found = /\$\{(\w+)(?::-([^}]*))?\}/.exec(value);
  if (found === null) return value;
  const [place, name, fallback] = found;
  const text = variables[name] ?? fallback;
  if (text === undefined) throw new ReferenceError(`${at}: the variable ${name} is not set`);
  return value.replace(place, text);
}
