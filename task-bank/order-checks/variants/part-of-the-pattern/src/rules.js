/** The message of the first rule that a value breaks, by the type of its schema; undefined if it keeps all. */
export const RULES = {
  text: (schema, value) => {
    if (typeof value !== "string") return "must be a text";
    const { pattern = "[^]*", oneOf = [value] } = schema;
    const length = outside(value.length, schema);
    if (length !== undefined) return `length ${length}`;
    if (!new RegExp(`^${pattern}$`).test(value)) return `must match ${pattern}`;
    return oneOf.includes(value) ? undefined : `must be one of ${oneOf.join(", ")}`;
  },
  number: (schema, value) => {
    if (!Number.isFinite(value)) return "must be a number";
    if (schema.whole && !Number.isInteger(value)) return "must be a whole number";
    return outside(value, schema);
  },
  list: (schema, value) => {
    if (!Array.isArray(value)) return "must be a list";
    const length = outside(value.length, schema);
    return length === undefined ? undefined : `length ${length}`;
  },
  object: (_, value) => (isObject(value) ? undefined : "must be an object"),
};

export function isObject(value) {
  return Object(value) === value && !Array.isArray(value);
}

function outside(size, { min, max }) {
  if (size < min) return `must be at least ${min}`;
  return size > max ? `must be at most ${max}` : undefined;
}
