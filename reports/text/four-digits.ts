/** A figure of an explanation, with four digits. */
export function say(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? "n/a (the data do not give it)"
    : String(Number(value.toPrecision(4)));
}
