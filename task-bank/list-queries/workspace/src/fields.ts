export interface Field {
  type: "text" | "choice" | "number" | "day" | "flag";
  choices?: string[];
}

export type Value = string | number | boolean;

/** The value of a field that is written as a text, or nothing if it is none. */
export function readValue(field: Field, text: string): Value | undefined {
  switch (field.type) {
    case "text":
      return text;
    case "choice":
      return field.choices?.find((choice) => choice === text);
    case "number":
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "day":
      return isDay(text) ? text : undefined;
    case "flag":
      return new Map([
        ["true", true],
        ["false", false],
      ]).get(text);
  }
}

function isDay(text: string): boolean {
  const moment = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 10) === text;
}
