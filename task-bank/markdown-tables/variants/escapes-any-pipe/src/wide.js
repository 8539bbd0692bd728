/** A character that takes two places. */
const WIDE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u;

/** Whether what is shown as one character takes two places. */
export function isWide(character) {
  return WIDE.test(character);
}
