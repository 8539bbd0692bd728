/** Example calls for a command's `--help`, each with what it is for. */
export function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, why]) => `  ${line.padEnd(width)}  ${why}`.trimEnd());
  return ["", "Examples:", ...text].join("\n");
}
