/** A text of this length is a sentence, which needs room. A shorter one stays on its line. */
const LONG_FROM = 30;

/** The classes of a table's cell, for the style of the page. */
export function cellClasses(
  text: string,
  column: { readonly isNumber?: boolean | undefined } | undefined,
): string {
  const isLong = text.length >= LONG_FROM && text.includes(" ");
  const isShort = text.length < LONG_FROM && /[ -]/u.test(text);
  return [
    ...(column?.isNumber === true ? ["number"] : []),
    ...(isLong ? ["long"] : []),
    ...(isShort ? ["short"] : []),
  ].join(" ");
}
