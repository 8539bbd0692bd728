import { textOf } from "./values.ts";

export type Filter = (value: unknown, argument: string) => unknown;

export const FILTERS = new Map<string, Filter>([
  ["upper", (value) => textOf(value).toUpperCase()],
  ["lower", (value) => textOf(value).toLowerCase()],
  ["default", (value, argument) => (textOf(value) === "" ? argument : value)],
  ["join", (value, argument) => (Array.isArray(value) ? value.map(textOf).join(argument) : value)],
]);
