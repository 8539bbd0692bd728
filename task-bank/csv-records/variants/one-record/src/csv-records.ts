export function readRecords(text: string): string[][] {
  return [text.split(",")];
}
