import { extname, posix } from "node:path";

import { quoteForSh } from "../platform/environment/shell-quotes.ts";
import { type OfferedTool, type PromptRequest, openingText } from "./messages-request.ts";
import type { TaskVariant } from "./task-script.ts";

/** One answer that calls tools: its text, and the calls, which the client may run in parallel. */
export interface ScriptedTurn {
  readonly say: string;
  readonly calls: readonly ToolCall[];
}

/** What a conversation does with the files of its folder. */
interface Work {
  /** Paths of the files to read first. Some clients write over a file only after they have read it. */
  readonly reads: readonly string[];
  /** Texts by path. */
  readonly writes: Readonly<Record<string, string>>;
  /** Paths of files to remove. */
  readonly removes: readonly string[];
  /** The command line that looks at the result. */
  readonly check: string;
}

interface Manner {
  readonly extraTurns: number;
  readonly subagents: boolean;
}

/** The turns in which a solution is written. */
export function planTurns(
  { files, removed = [] }: TaskVariant,
  toolbox: Toolbox,
  manner: Manner,
): readonly ScriptedTurn[] {
  const reads = Object.keys(files);
  const work = { reads, writes: files, removes: removed, check: checkCommand(reads) };
  return planWork(work, toolbox, manner);
}

/**
 * The turns of some work: list, read, write, remove and check the files. A turn is left out if the client
 * offers no tool for it.
 */
export function planWork(
  { reads: paths, writes: files, removes: removed, check }: Work,
  toolbox: Toolbox,
  { extraTurns, subagents }: Manner,
): readonly ScriptedTurn[] {
  const reads = paths.map((path) => toolbox.read(path));
  const writes = Object.entries(files).map(([path, text]) => toolbox.write(path, text));
  const removal =
    removed.length === 0 ? [] : [toolbox.run(`rm ${removed.map(quoteForSh).join(" ")}`)];
  const reread = turn("I will look at it once more.", [toolbox.read(paths[0] ?? "")]);
  const delegation = turn("A helper will look around first.", [toolbox.delegate()]);
  return [
    ...(subagents ? [delegation] : []),
    turn("I will look at the workspace first.", [toolbox.list() ?? toolbox.run("ls -a")]),
    turn("Now the files that the feature is about.", reads),
    turn("I will write the implementation.", writes),
    turn("Nothing needs these files any more.", removal),
    ...Array.from({ length: extraTurns }, () => reread),
    turn("I will check what I wrote.", [toolbox.run(check)]),
  ].filter(({ calls }) => calls.length > 0);
}

export function turn(say: string, calls: readonly (ToolCall | undefined)[]): ScriptedTurn {
  return { say, calls: calls.filter((call) => call !== undefined) };
}

/** Node checks the syntax of JavaScript only. For other files, the check prints their sizes. */
export function checkCommand(paths: readonly string[]): string {
  const checks = paths.map((path) =>
    [".js", ".mjs", ".cjs"].includes(extname(path)) ? `node --check '${path}'` : `wc -c '${path}'`,
  );
  return checks.join(" && ");
}

/**
 * The next turn after a number of tool results. Only the history shows the progress, because clients
 * keep no state with the model. Undefined when all is done.
 */
export function nextTurn(
  turns: readonly ScriptedTurn[],
  resultCount: number,
): ScriptedTurn | undefined {
  let callsBefore = 0;
  for (const candidate of turns) {
    if (callsBefore >= resultCount) return candidate;
    callsBefore += candidate.calls.length;
  }
  return undefined;
}

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Toolbox = ReturnType<typeof openToolbox>;

const LIST = ["list_files", "list_directory", "ls"];
const READ = ["read_file", "Read", "read"];
const WRITE = ["write_file", "Write", "write"];
const RUN = ["run_command", "Bash", "bash", "run_shell_command", "shell", "exec_command"];
const DELEGATE = ["Agent", "Task", "task", "agent", "invoke_agent"];
const PATH_PROPERTIES = ["path", "dir_path", "file_path", "filePath", "absolute_path"];
const HEREDOC_END = "END_OF_SCRIPTED_FILE";

/**
 * Finds the tools by the names that known agents give them, the built-in agent's first. A call is
 * undefined if the client offers no tool for the purpose.
 */
export function openToolbox(request: PromptRequest) {
  const tools = request.tools ?? [];
  const find = (names: readonly string[]): OfferedTool | undefined =>
    tools.find((tool) => names.includes(tool.name));
  const folder = workingDirectory(request);
  const list = find(LIST);
  const read = find(READ);
  const write = find(WRITE);
  const runTool = find(RUN);
  const delegate = find(DELEGATE);
  const run = (command: string): ToolCall | undefined =>
    runTool && { name: runTool.name, input: commandInput(runTool, command) };
  return {
    canWrite: write !== undefined || runTool !== undefined,
    delegate: (): ToolCall | undefined =>
      delegate && { name: delegate.name, input: delegationInput(delegate) },
    list: (): ToolCall | undefined =>
      list && { name: list.name, input: { [pathProperty(list)]: folder ?? "." } },
    read: (path: string): ToolCall | undefined =>
      read && { name: read.name, input: namePath(read, path, folder) },
    write: (path: string, content: string): ToolCall | undefined =>
      write
        ? { name: write.name, input: { ...namePath(write, path, folder), content } }
        : run(heredoc(path, content)),
    run,
  };
}

/** Clients name their folder in the system prompt or in a reminder before the task. */
function workingDirectory(request: PromptRequest): string | undefined {
  return /working (?:in the )?directory: *(\/[^\n<"]*)/i.exec(openingText(request))?.[1]?.trim();
}

/** Tools with a plain `path` take a relative path; the others need an absolute one. */
function namePath(
  tool: OfferedTool,
  path: string,
  folder: string | undefined,
): Readonly<Record<string, string>> {
  const property = pathProperty(tool);
  const isRelative = property === "path" || folder === undefined;
  return { [property]: isRelative ? path : posix.join(folder, path) };
}

function pathProperty(tool: OfferedTool): string {
  const properties = tool.input_schema?.properties ?? {};
  return PATH_PROPERTIES.find((property) => property in properties) ?? "path";
}

function commandInput({ input_schema }: OfferedTool, command: string): ToolCall["input"] {
  const { cmd, description, is_background } = input_schema?.properties ?? {};
  return {
    [cmd === undefined ? "command" : "cmd"]: command,
    ...(description === undefined ? {} : { description: "Check the work" }),
    ...(is_background === undefined ? {} : { is_background: false }),
  };
}

/** The fields of a call that starts a sub-agent, as far as the client knows them. */
function delegationInput({ name, input_schema }: OfferedTool): ToolCall["input"] {
  const known = input_schema?.properties ?? {};
  const fields = {
    description: "Look around",
    prompt: "Say in one sentence what is in the current folder.",
    subagent_type: name === "task" ? "general" : "general-purpose",
    agent_name: "generalist",
    run_in_background: false,
  };
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field in known));
}

function heredoc(path: string, content: string): string {
  const body = content.endsWith("\n") ? content : `${content}\n`;
  return `mkdir -p ${quoteForSh(posix.dirname(path))} && cat > ${quoteForSh(path)} <<'${HEREDOC_END}'\n${body}${HEREDOC_END}\n`;
}
