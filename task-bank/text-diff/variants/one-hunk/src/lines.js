/** The lines of a text, each with its end. The last line may lack it. */
export function splitLines(text) {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Whether a line has an end. */
export function isEnded(line) {
  return line.endsWith("\n");
}
