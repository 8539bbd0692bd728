import { ConfigurationError } from "../platform/environment/configuration-error.ts";

/**
 * A number in the value of an option.
 * @throws ConfigurationError naming the option and what it takes.
 */
export function wholeNumber(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number >= least && number <= most) return number;
  throw new ConfigurationError(
    `${option}: expected a whole number from ${String(least)} to ${String(most)}, got ${JSON.stringify(text)}.`,
  );
}
