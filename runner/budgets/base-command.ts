const SLASH_COMMAND = /^\/[^\s/]\S*/u;

/**
 * Returns the part of a command that has the budget: the first word of a slash command, or the whole text
 * of any other prompt. The result is in Unicode NFC and lower case, with white space collapsed. Case is
 * ignored because a cap that misses its command over a capital letter protects nothing.
 */
export function baseCommand(command: string): string {
  const text = command.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
  return SLASH_COMMAND.exec(text)?.[0] ?? text;
}
