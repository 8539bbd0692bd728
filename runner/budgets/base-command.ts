const SLASH_COMMAND = /^\/[^\s/]\S*/u;

/**
 * The part of a command that carries the budget: the first word of a slash command, the whole text
 * of any other prompt. One spelling for all callers: Unicode NFC, lower case, white space collapsed.
 * Case is folded because a cap that misses its command over a capital letter protects nothing.
 */
export function baseCommand(command: string): string {
  const text = command.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
  return SLASH_COMMAND.exec(text)?.[0] ?? text;
}
