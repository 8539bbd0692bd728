/** `1. a limit of 1.5 is accepted; 2. …`; names are not escaped. */
export function sayFindings(
  findings: readonly { readonly number: number; readonly name: string }[],
): string {
  const named = findings.map(({ number, name }) => `${number}. ${name}`);
  return named.length === 0 ? "no finding is named" : named.join("; ");
}

/** `1 breach`, `2 breaches`. */
export function sayBreaches(count: number): string {
  return count === 1 ? "1 breach" : `${count} breaches`;
}
