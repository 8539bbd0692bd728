import { posix } from "node:path";

import { type OfferedTool, openingText, type PromptRequest } from "./messages-request.ts";

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The calls of the tools that the client offers; undefined if it offers none for the purpose. */
export interface Toolbox {
  readonly canWrite: boolean;
  list(): ToolCall | undefined;
  read(path: string): ToolCall | undefined;
  write(path: string, content: string): ToolCall | undefined;
  run(command: string): ToolCall | undefined;
}

const LIST = ["list_files", "list_directory", "ls"];
const READ = ["read_file", "Read", "read"];
const WRITE = ["write_file", "Write", "write"];
const RUN = ["run_command", "Bash", "bash", "run_shell_command", "shell", "exec_command"];
const PATH_PROPERTIES = ["path", "file_path", "filePath", "absolute_path"];
const HEREDOC_END = "END_OF_SCRIPTED_FILE";

/** Finds the tools by the names that known agents give them, the built-in agent's first. */
export function openToolbox(request: PromptRequest): Toolbox {
  const tools = request.tools ?? [];
  const find = (names: readonly string[]): OfferedTool | undefined =>
    tools.find((tool) => names.includes(tool.name));
  const folder = workingDirectory(request);
  const list = find(LIST);
  const read = find(READ);
  const write = find(WRITE);
  const runTool = find(RUN);
  const run = (command: string): ToolCall | undefined =>
    runTool && {
      name: runTool.name,
      input: { [commandProperty(runTool)]: command, ...describe(runTool) },
    };
  return {
    canWrite: write !== undefined || runTool !== undefined,
    list: () => list && { name: list.name, input: { [pathProperty(list)]: folder ?? "." } },
    read: (path) => read && { name: read.name, input: namePath(read, path, folder) },
    write: (path, content) =>
      write
        ? { name: write.name, input: { ...namePath(write, path, folder), content } }
        : run(heredoc(path, content)),
    run,
  };
}

/** Clients name their folder in the system prompt or in a reminder before the task. */
function workingDirectory(request: PromptRequest): string | undefined {
  return /working directory: *(\/[^\n<"]*)/i.exec(openingText(request))?.[1]?.trim();
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

function commandProperty(tool: OfferedTool): string {
  return "cmd" in (tool.input_schema?.properties ?? {}) ? "cmd" : "command";
}

function describe(tool: OfferedTool): Readonly<Record<string, string>> {
  const wantsDescription = "description" in (tool.input_schema?.properties ?? {});
  return wantsDescription ? { description: "Check the work" } : {};
}

function heredoc(path: string, content: string): string {
  const body = content.endsWith("\n") ? content : `${content}\n`;
  return `mkdir -p ${quote(posix.dirname(path))} && cat > ${quote(path)} <<'${HEREDOC_END}'\n${body}${HEREDOC_END}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
