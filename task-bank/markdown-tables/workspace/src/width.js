/** How many places a text takes. */
export function widthOf(text) {
  return text.length;
}

/** A text with spaces around it, so that it takes so many places. */
export function pad(text, width) {
  return text.padEnd(width);
}
