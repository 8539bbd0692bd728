/** The columns of a terminal that every output fits. */
export const COLUMNS = 80;

/** Breaks a text into lines of at most so many characters, at blanks where there are any. */
export function wrapText(text: string, width = COLUMNS): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((long) => piecesOf(long, width))) {
    if (line !== "" && `${line} ${word}`.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const INDENT = "  ";

/** Breaks a text into lines that fit a terminal, and indents all but the first. */
export function hangText(text: string): string {
  return wrapText(text, COLUMNS - INDENT.length).join(`\n${INDENT}`);
}

function piecesOf(word: string, width: number): readonly string[] {
  return word.match(new RegExp(`.{1,${String(width)}}`, "gu")) ?? [""];
}
