/** Tells who started this process where it serves, and ends with it. */
export function announce(url: string): void {
  process.once("disconnect", () => process.exit());
  process.send?.(url);
}
