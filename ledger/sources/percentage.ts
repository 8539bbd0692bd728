/** A percentage and the word after it, in small letters; empty if there is none. */
export interface Percentage {
  readonly percent: number;
  readonly word: string;
}

const SHOWN =
  /(?<split>\d{1,3}\s+)?(?<number>[-+<>~≈−.,\d]{0,16}\d)\s*%(?:\s*(?<word>[a-z]+)\b)?/iu;

/** The first percentage in a text, or why it is invalid. A number that was cut or split has another value. */
export function readPercentage(text: string): Percentage | string {
  const { split = "", number, word = "" } = SHOWN.exec(text)?.groups ?? {};
  if (number === undefined) return "expected a percentage, got none.";
  if (split !== "" || !/^\d+(?:\.\d+)?$/u.test(number)) {
    return `expected a percentage such as 28 %, got "${`${split}${number}`.replaceAll(/\s+/gu, " ")} %".`;
  }
  const percent = Number(number);
  if (percent > 100) return `expected at most 100 %, got ${percent}.`;
  return { percent, word: word.toLowerCase() };
}
