import { RULES, isObject } from "./rules.js";

/** @returns {{ path: string, message: string }[]} all faults of a value, with their places */
export function check(schema, value) {
  return faultsAt("", value, schema);
}

function faultsAt(path, value, schema) {
  if (isNothing(value)) return schema.optional ? [] : [{ path, message: "is missing" }];
  const broken = RULES[schema.type](schema, value);
  const own = broken === undefined ? [] : [{ path, message: schema.message ?? broken }];
  return [...own, ...faultsIn(path, value, schema)];
}

function faultsIn(path, value, schema) {
  if (schema.type === "list" && Array.isArray(value)) return entryFaults(path, value, schema);
  return schema.type === "object" && isObject(value) ? fieldFaults(path, value, schema) : [];
}

function entryFaults(path, list, { of, unique }) {
  const first = new Map();
  return list.flatMap((entry, index) => {
    const place = `${path}[${index}]`;
    const faults = faultsAt(place, entry, of);
    const key = Object(entry)[unique];
    if (unique === undefined || isNothing(key)) return faults;
    const own = `${place}.${unique}`;
    if (first.has(key)) return [...faults, { path: own, message: `repeats ${first.get(key)}` }];
    first.set(key, own);
    return faults;
  });
}

function fieldFaults(path, object, { fields }) {
  const placeOf = (name) => (path === "" ? name : `${path}.${name}`);
  const unknown = Object.keys(object).filter((name) => !Object.hasOwn(fields, name) && name === "");
  return [
    ...Object.entries(fields).flatMap(([name, schema]) => {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      const { neededIf } = schema;
      const isSpared = neededIf !== undefined && object[neededIf.field] !== neededIf.is;
      return faultsAt(placeOf(name), value, isSpared ? { ...schema, optional: true } : schema);
    }),
    ...unknown.map((name) => ({ path: placeOf(name), message: "is unknown" })),
  ];
}

function isNothing(value) {
  return value === undefined || value === null;
}
