/** A text that people read, and the line of its file that it starts in. */
export interface Text {
  readonly line: number;
  readonly text: string;
}

const SENTENCE_START = String.raw`(?:^|[.!?]["'”)\]]*\s+|\n\s*\n\s*)`;

/** An opening is allowed in a true question: "What is measured?" */
const OPENING = new RegExp(
  String.raw`${SENTENCE_START}(?<opening>Of|Where|Who|What is)\s+[^.!?]*(?<end>[.!?]|$)`,
  "g",
);

const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\bcounts? no more\b/i, "write that the row is excluded"],
  [/\b(?:is|are|was|were) told of\b/i, "name who says what"],
  [/\bthat is none\b/i, "write what it is not"],
  [/\bgone on with\b/i, "write continued"],
  [/\ball the same\b/i, "write still, or leave it out"],
  [/\bnobody tells\b/i, "name what is missing"],
  [/\btells? so\b/i, "write says so"],
  [/\bgrading desks?\b/i, "write grading session"],
  [/\b(?:worked|work|windows?|opened|typed) by hand\b|\bhand windows?\b/i, "write manual window"],
  [/\btapes?\b/i, "write recording"],
];

/** The faults of a text by the rules of plain English, each with the words that break the rule. */
export function englishFaults({ text }: Text): string[] {
  const prose = text.replaceAll(/\s*\n(?!\s*\n)\s*/g, " ");
  const openings = [...prose.matchAll(OPENING)]
    .filter((match) => match.groups?.["end"] !== "?")
    .map(({ groups }) => `a sentence opens with "${groups?.["opening"]}"`);
  const phrases = PHRASES.flatMap(([phrase, advice]) => {
    const found = phrase.exec(prose);
    return found === null ? [] : [`"${found[0]}": ${advice}`];
  });
  return [...openings, ...phrases];
}
