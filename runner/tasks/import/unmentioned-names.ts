import { linesAdded } from "../check/solution-patch.ts";

const NAME = String.raw`[A-Za-z_$][\w$]*`;

/** Names that a line imports or calls: `import { a }`, `from m import a`, `a(`, `.a(`, `p.A`. */
const USES: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:import|from|require|use|using)\b(?<names>[^;"']*)`, "gu"),
  new RegExp(String.raw`(?<names>${NAME})!?\s*\(`, "gu"),
  new RegExp(String.raw`\bnew\s+(?<names>${NAME})`, "gu"),
  new RegExp(String.raw`\.(?<names>${NAME})`, "gu"),
  // Arguments by name, as Python and Ruby have them, and keys of objects.
  new RegExp(String.raw`[(,{]\s*(?<names>${NAME})\s*[=:](?!=)`, "gu"),
];

/** A shorter name says nothing that could be missing. */
const LENGTH_MIN = 3;

function namesUsed(lines: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of lines) {
    for (const use of USES) {
      for (const { groups } of line.matchAll(use)) {
        for (const [name] of (groups?.["names"] ?? "").matchAll(new RegExp(NAME, "gu"))) {
          names.add(name);
        }
      }
    }
  }
  return names;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(new RegExp(NAME, "gu"))].map(([word]) => word));
}

/**
 * Names that the tests' new lines import or call and the solution brings, but that the statement does not
 * mention. An agent would have to guess them, unless the workspace has them.
 */
export function namesToGuess(
  parts: Record<"testsPatch" | "solutionPatch" | "statement", string>,
): readonly string[] {
  const brought = wordsOf(linesAdded(parts.solutionPatch).join("\n"));
  const mentioned = wordsOf(parts.statement);
  return [...namesUsed(linesAdded(parts.testsPatch))]
    .filter((name) => name.length >= LENGTH_MIN && brought.has(name) && !mentioned.has(name))
    .toSorted();
}
