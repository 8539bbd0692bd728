export interface BuildLine {
  target: string;
  needs: string[];
}

/** Reads lines such as `app: lib main.c`. Lines that are empty or begin with `#` say nothing. */
export function readBuildFile(text: string): BuildLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(readLine);
}

function readLine(line: string): BuildLine {
  const [target, needs] = line.split(":") as [string, string];
  return { target, needs: needs.split(" ").filter((name) => name !== "") };
}
