/** What a pane says about one limit. */
export interface Section {
  readonly name: string;
  /** Minutes of the window that the limit covers. */
  readonly minutes: number;
  readonly text: string;
}

/** The sections of the last pane in a capture. */
export interface LastPane {
  readonly sections: readonly Section[];
  /** An earlier pane was left out. */
  readonly isTrimmed: boolean;
  /** The last thing that the capture shows is a pane that could not be loaded. */
  readonly hasFailed: boolean;
  readonly hasExtraUsage: boolean;
  /** `as of …`: the figures are older than the capture. */
  readonly asOf: string | undefined;
}

export const SESSION_MINUTES = 300;
export const WEEK_MINUTES = 10_080;
const FAILURE = /Failed to load usage data/gu;
/** What begins a limit, or ends one: the screen of claude-monitor may come next. */
const BOUNDARY =
  /\b(?:Current (?<kind>session|week)(?:\s*\((?<scope>[^)]{1,40})\))?|Extra usage|Usage credits|Context (?:window|left)|Esc to|CLAUDE CODE USAGE MONITOR|(?:Cost|Token) Usage:)/gu;

const AS_OF = /\bas of ([\w:, ]{3,24}?(?:am|pm|ago|\d)\b|\w+)/u;

/** Cuts a capture, its lines joined, into the sections of its last pane. */
export function readLastPane(text: string): LastPane {
  const starts = startsOf(text);
  const failure = [...text.matchAll(FAILURE)].at(-1)?.index ?? -1;
  const start = starts.at(-1) ?? 0;
  const pane = text.slice(start);
  const hasFailed = failure >= start;
  const sections = hasFailed ? [] : sectionsOf(pane);
  return {
    sections,
    isTrimmed: starts.length > (hasFailed ? 0 : 1),
    hasFailed,
    hasExtraUsage: /\b(?:Extra usage|Usage credits)\b/u.test(pane),
    // The lines below the pane are the user's.
    asOf: AS_OF.exec(sections.map(({ text: own }) => own).join(" "))?.[1],
  };
}

/** The start of each pane: its first limit, and each later line that repeats a limit. */
function startsOf(text: string): readonly number[] {
  const starts: number[] = [];
  const seen = new Set<string>();
  for (const { index, groups } of text.matchAll(BOUNDARY)) {
    const { kind, scope } = groups ?? {};
    if (kind === undefined) continue;
    const { name } = limitOf(kind, scope);
    if (starts.length === 0 || seen.has(name)) {
      starts.push(index);
      seen.clear();
    }
    seen.add(name);
  }
  return starts;
}

function sectionsOf(pane: string): readonly Section[] {
  const marks = [...pane.matchAll(BOUNDARY)];
  return marks.flatMap((mark, index): readonly Section[] => {
    const { kind, scope } = mark.groups ?? {};
    if (kind === undefined) return [];
    const text = pane.slice(mark.index + mark[0].length, marks[index + 1]?.index);
    return [{ ...limitOf(kind, scope), text }];
  });
}

/** The week of one model is another limit than the week of all models. */
function limitOf(kind: string, scope = ""): Omit<Section, "text"> {
  if (kind === "session") return { name: "5h", minutes: SESSION_MINUTES };
  const model = scope
    .trim()
    .toLowerCase()
    .replace(/\s+only$/u, "");
  const isGeneral = model === "" || model === "all models";
  return { name: isGeneral ? "weekly" : `weekly ${model}`, minutes: WEEK_MINUTES };
}
