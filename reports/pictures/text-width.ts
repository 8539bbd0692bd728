const NARROW = /[\sijltfrI.,:;|!'()[\]{}]/u;
const WIDE =
  /[mwMW%@…—÷−\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
const TALL = /[\p{Lu}\p{Nd}]/u;

const FONT_SIZE = 11;

/**
 * The width of a text in a common sans-serif font, in pixels: a little more than most fonts need. It
 * measures nothing, so every machine gives a picture the same places.
 */
export function textWidth(
  { fontSize = FONT_SIZE }: { readonly fontSize?: number },
  text: string | null,
) {
  const widths = Array.from(text ?? "", widthOf);
  return fontSize * widths.reduce((total, width) => total + width, 0);
}

/** As a share of the font's size. */
function widthOf(character: string): number {
  if (NARROW.test(character)) return 0.42;
  if (WIDE.test(character)) return 1;
  return TALL.test(character) ? 0.7 : 0.64;
}
