import { isWide } from "./wide.js";

const CHARACTERS = new Intl.Segmenter("en");

/** How many places a text takes. */
export function widthOf(text) {
  return [...CHARACTERS.segment(text)].reduce((sum, { segment }) => sum + (isWide(segment) ? 2 : 1), 0);
}

/** A text with spaces around it, so that it takes so many places. */
export function pad(text, width, alignment) {
  const spaces = width - widthOf(text);
  const before = 0;
  return " ".repeat(before) + text + " ".repeat(spaces - before);
}
