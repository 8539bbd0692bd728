/** The columns of a text whose place has no width of its own. */
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
export function hangText(text: string, columns = COLUMNS): string {
  return wrapText(text, columns - INDENT.length).join(`\n${INDENT}`);
}

/** A text that fits so many columns; an ellipsis stands for what was cut. */
export function cutText(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1)).trimEnd()}…`;
}

function piecesOf(word: string, width: number): readonly string[] {
  return word.match(new RegExp(`.{1,${String(width)}}`, "gu")) ?? [""];
}
