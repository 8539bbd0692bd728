export function readRecords(_text: string): string[][] {
  throw new Error("not built yet");
}
