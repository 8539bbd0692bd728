/** A text of this length is a sentence, which needs room. */
const LONG_FROM = 40;

/** The classes of a table's cell, for the style of the page. */
export function cellClasses(
  text: string,
  column: { readonly isNumber?: boolean | undefined } | undefined,
): string {
  const isLong = text.length >= LONG_FROM && text.includes(" ");
  return [...(column?.isNumber === true ? ["number"] : []), ...(isLong ? ["long"] : [])].join(" ");
}
