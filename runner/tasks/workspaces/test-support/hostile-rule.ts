/** A pattern and a file's name that git before 2.41 compares for hours. */
export const HOSTILE_PATTERN = "*a".repeat(22);
export const HOSTILE_NAME = `${"a".repeat(60)}b`;
export const HOSTILE_ATTRIBUTES = `${HOSTILE_PATTERN} text\n`;
