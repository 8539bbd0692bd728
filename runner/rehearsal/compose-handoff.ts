import seedrandom from "seedrandom";
import { stringify } from "yaml";

import type { Handoff } from "../teams/handoff-schema.ts";
import { type ConversationId, conversationKey } from "./draw-conversation.ts";
import { checkCommand } from "./plan-turns.ts";
import type { ModelProfile } from "./profile.ts";
import type { RolePrompt } from "./read-role-prompt.ts";
import type { TaskScript, TaskVariant } from "./task-script.ts";

/** What a role knows when it hands over. */
export interface RolePart {
  readonly prompt: RolePrompt;
  readonly id: ConversationId;
  readonly profile: ModelProfile;
  readonly script: TaskScript;
  /** The solution that an implementer writes. */
  readonly variant: TaskVariant;
}

type HandoffOf<Kind extends Handoff["handoff"]> = Extract<Handoff, { readonly handoff: Kind }>;
type Finding = HandoffOf<"review">["findings"][number];

/** A plan of hundreds of tests would only make prompts long. */
const CRITERIA_MAX = 30;
/** Room in a plan for what documentation adds. */
const LINES_BESIDE = 60;
/** The command line that looks around. */
const LOOK = "ls -a";

/** The text of a role's handoff: front matter, and a heading. */
export function composeHandoff(part: RolePart): string {
  const { isRefused } = part.prompt;
  const isSpoiled = Number(isRefused) < (part.profile.handoff_faults ?? 0);
  const handoff = composeKind(part);
  const fields = isSpoiled ? spoil(handoff) : handoff;
  const frontMatter = stringify(fields, { lineWidth: 0 });
  return `---\n${frontMatter}---\n\n# ${part.script.title}\n`;
}

function composeKind(part: RolePart): Handoff {
  switch (part.prompt.kind) {
    case "plan":
      return composePlan(part);
    case "implementation":
      return composeImplementation(part);
    case "review":
      return composeReview(part);
    case "documentation":
      return composeDocumentation(part);
  }
}

/** Two faults that the schema finds: no test, and a file outside the workspace. */
function spoil(handoff: Handoff): object {
  const [first, ...files] = handoff.files;
  const outside = { ...first, path: "../outside.txt", note: "It is not in the workspace." };
  return { ...handoff, files: [outside, ...files], tests: [] };
}

function composePlan({ prompt, id, script }: RolePart): HandoffOf<"plan"> {
  const { role } = prompt;
  const paths = workPaths(script);
  const scenarios = script.scenarios.filter((name) => /\S/u.test(name));
  return {
    handoff: "plan",
    role,
    summary: `Plan ${id.number} of the script meets every scenario of "${script.title}".`,
    files: paths.map((path) => ({ path, note: "The work is here." })),
    ...looked(role, LOOK),
    decisions: [{ decision: "Change no other file.", reason: "The scenarios ask for no more." }],
    problems: [],
    limitations: ["The plan says nothing about speed."],
    gaps: [
      { gap: "The task names no limit on its size.", answer: "Keep to the limit of this plan." },
    ],
    criteria: scenarios.length === 0 ? [script.title] : scenarios.slice(0, CRITERIA_MAX),
    test_commands: [checkOf(paths)],
    changed_lines_max: 2 * linesOfWork(script) + LINES_BESIDE,
    risks: [
      { risk: "A scenario that is not shown fails.", answer: "Follow the words of the task." },
    ],
  };
}

function composeImplementation({ prompt, script, variant }: RolePart): HandoffOf<"implementation"> {
  const { role, review } = prompt;
  const open = (review?.findings ?? []).filter(({ status }) => status === "open");
  const paths = Object.keys(variant.files);
  return {
    handoff: "implementation",
    role,
    summary: `"${script.title}" is implemented.`,
    files: Object.entries(variant.files).map(([path, text]) => ({
      path,
      lines: `1-${countLines(text)}`,
      note: "It is written anew.",
    })),
    ...looked(role, checkOf(paths)),
    decisions: [{ decision: "Follow the plan.", reason: "It names every scenario." }],
    problems: open.map(({ finding, fix }) => ({ problem: finding, solution: fix })),
    limitations: [],
    findings: open.map(({ number, fix }) => ({ number, status: "resolved", how: fix })),
  };
}

/** Sends work back with one new finding in each round that the profile names. */
function composeReview(part: RolePart): HandoffOf<"review"> {
  const { prompt, profile, script } = part;
  const { role, round, review, isRefused } = prompt;
  const before = review?.findings ?? [];
  const isForgetful = profile.forgets_findings === true && round === 2 && !isRefused;
  const kept = before.slice(isForgetful ? 1 : 0);
  const mended = kept.map((finding): Finding => ({ ...finding, status: "resolved" }));
  const isRework = round <= (profile.rework_rounds ?? 0);
  const number = 1 + Math.max(0, ...before.map((finding) => finding.number));
  return {
    handoff: "review",
    role,
    summary: isRework ? "One finding has to be mended first." : "The work meets the criteria.",
    files: workPaths(script).map((path) => ({ path, note: "It was held against the criteria." })),
    ...looked(role, checkOf(sharedPaths(script))),
    decisions: [
      isRework
        ? { decision: "Send the work back.", reason: "A finding is open." }
        : { decision: "Accept the work.", reason: "No finding is open." },
    ],
    problems: [],
    limitations: ["Speed was not looked at."],
    verdict: isRework ? "rework" : "accept",
    findings: isRework ? [...mended, newFinding(part, number)] : mended,
  };
}

function newFinding({ id, script }: RolePart, number: number): Finding {
  const random = seedrandom(`${conversationKey(id)}|finding`);
  const pick = (length: number): number => Math.floor(random() * length);
  const paths = sharedPaths(script);
  const file = paths[pick(paths.length)] ?? workPaths(script)[0] ?? "README.md";
  const texts = script.variants.map(({ files }) => files[file] ?? "");
  const scenario = script.scenarios[pick(script.scenarios.length)] ?? script.title;
  return {
    number,
    name: `doubt ${number} about "${scenario}"`,
    status: "open",
    file,
    line: 1 + pick(Math.min(...texts.map(countLines))),
    finding: `The line does not show that "${scenario}" holds.`,
    reproduction: `Run the scenario "${scenario}".`,
    fix: `Write it so that "${scenario}" holds.`,
  };
}

function composeDocumentation({ prompt, script }: RolePart): HandoffOf<"documentation"> {
  const { role } = prompt;
  const paths = Object.keys(composePages(script));
  return {
    handoff: "documentation",
    role,
    summary: `"${script.title}" is documented on five pages.`,
    files: paths.map((path) => ({ path, note: "It is new." })),
    ...looked(role, checkOf(paths)),
    decisions: [{ decision: "One page for each deliverable.", reason: "Each has its own reader." }],
    problems: [],
    limitations: [],
    deliverables: {
      usage: { path: PAGES.usage },
      reference: { path: PAGES.reference },
      examples: { path: PAGES.examples },
      troubleshooting: { path: PAGES.troubleshooting },
      change_note: { path: PAGES.changeNote },
    },
  };
}

const PAGES = {
  usage: "docs/usage.md",
  reference: "docs/reference.md",
  examples: "docs/examples.md",
  troubleshooting: "docs/troubleshooting.md",
  changeNote: "docs/change-note.md",
} as const;

/** The pages of a documenter, by their paths. */
export function composePages(script: TaskScript): Readonly<Record<string, string>> {
  const { title } = script;
  const scenarios = script.scenarios.slice(0, 3);
  const page = (heading: string, lines: readonly string[]): string =>
    `# ${heading}: ${title}\n\n${lines.map((line) => `${line}\n`).join("")}`;
  return {
    [PAGES.usage]: page("Usage", ["Import the module, and call it as the specification says."]),
    [PAGES.reference]: page(
      "Reference",
      workPaths(script).map((path) => `- \`${path}\``),
    ),
    [PAGES.examples]: page(
      "Examples",
      scenarios.map((name) => `- ${name}`),
    ),
    [PAGES.troubleshooting]: page("Troubleshooting", ["Each error says what was expected."]),
    [PAGES.changeNote]: page("Change note", ["- New: everything that the specification asks for."]),
  };
}

/** A command line that the role has run, and what it confirms. */
function looked(role: string, run: string) {
  return {
    messages: [],
    tests: [{ run, exit_code: 0, result: "The files are there." }],
    validation: [{ what: "The files are there.", by: role, how: run }],
  };
}

/** The command line that looks at files. */
export function checkOf(paths: readonly string[]): string {
  return paths.length === 0 ? LOOK : checkCommand(paths);
}

/** Paths of the files that the reference solution writes or removes. */
export function workPaths({ variants: [reference] }: TaskScript): readonly string[] {
  return [...Object.keys(reference?.files ?? {}), ...(reference?.removed ?? [])];
}

/** Paths of the files that exist whichever solution was written. */
export function sharedPaths({ variants: [reference, ...others] }: TaskScript): readonly string[] {
  const paths = Object.keys(reference?.files ?? {});
  return paths.filter((path) => others.every(({ files }) => path in files));
}

function linesOfWork({ variants: [reference], changedLines }: TaskScript): number {
  const texts = Object.values(reference?.files ?? {});
  return changedLines ?? texts.reduce((sum, text) => sum + countLines(text), 0);
}

function countLines(text: string): number {
  return Math.max(1, text.replace(/\n$/u, "").split("\n").length);
}
