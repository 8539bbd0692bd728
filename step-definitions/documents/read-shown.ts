import { readMarkdown } from "./read-markdown.ts";

/** A thing that a page shows, in the page's order. */
export type Shown =
  /** A file that the reader saves: a block with a file name after its language. */
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  /** A line of a block of `sh`, and the exit code that its comment names. */
  | {
      readonly kind: "command";
      readonly line: number;
      readonly text: string;
      readonly exitCode: number;
    }
  /** A line of a block of `sh vendor`: it needs a program, a key or a file that tests lack. */
  | { readonly kind: "vendor"; readonly line: number; readonly text: string }
  /** A line of what the commands before it print: a block without a language. */
  | { readonly kind: "output"; readonly line: number; readonly text: string }
  /** A part of experiment.yaml: a block of `yaml` without a file name. */
  | { readonly kind: "fragment"; readonly line: number; readonly text: string };

export function readShown(page: string): Shown[] {
  return readMarkdown(page)
    .filter(({ kind }) => kind === "code")
    .flatMap(({ info, line, text }): Shown[] => {
      const [language = "", second = ""] = info.split(" ");
      if (second.includes(".")) return [{ kind: "file", name: second, text: `${text}\n` }];
      if (info === "sh") return commandsOf(text, line).map(asCommand);
      if (info === "sh vendor")
        return commandsOf(text, line).map((shown) => ({ kind: "vendor", ...shown }));
      if (info === "") return linesOf(text, line).map((shown) => ({ kind: "output", ...shown }));
      return language === "yaml" ? [{ kind: "fragment", line, text }] : [];
    });
}

interface Line {
  readonly line: number;
  readonly text: string;
}

function linesOf(text: string, first: number): Line[] {
  return text
    .split("\n")
    .map((content, index) => ({ line: first + index, text: content }))
    .filter((shown) => shown.text.trim() !== "");
}

/** The lines of shell, without comments. A command that continues in the next line is one line. */
function commandsOf(text: string, first: number): Line[] {
  const joined = text
    .replaceAll(/^#.*$/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .replaceAll(/'[^']*'/g, (quoted) => quoted.replaceAll(/\s*\n\s*/g, " "));
  return linesOf(joined, first);
}

function asCommand({ line, text }: Line): Shown {
  const { command = text, code = "0" } =
    /^(?<command>.*?)\s+# exit code (?<code>\d+)/.exec(text)?.groups ?? {};
  return { kind: "command", line, text: command, exitCode: Number(code) };
}
