/** A text as one word of a POSIX shell, such as bash or zsh. */
export function quoteForSh(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same for fish, which reads a backslash between its quotes. */
export function quoteForFish(text: string): string {
  return `'${text.replaceAll(/['\\]/gu, String.raw`\$&`)}'`;
}
