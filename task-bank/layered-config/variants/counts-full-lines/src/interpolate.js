/** The value of a setting, with variables put in. */
export function interpolate({ value, at }, variables) {
  return value.replace(/\$\$|\$\{(\w+)(?::-([^}]*))?\}/g, (found, name, fallback) => {
    if (found === "$$") return "$";
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const text = variable || (fallback ?? variable);
    if (text === undefined) throw new ReferenceError(`${at}: the variable ${name} is not set`);
    return text;
  });
}
