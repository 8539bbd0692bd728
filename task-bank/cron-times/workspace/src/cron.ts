/** The next times of an expression after a time. */
export function nextTimes(_expression: string, _after: string, _count: number): string[] {
  throw new Error("not built yet");
}
