export function readRecords(text: string): string[][] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.split(","));
}
