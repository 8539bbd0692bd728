/** A count of tokens; undefined for everything else. Exporters write 64-bit numbers as digits. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,16}$/u.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined;
}
