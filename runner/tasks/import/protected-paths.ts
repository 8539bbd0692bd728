import picomatch from "picomatch";

/**
 * The paths that are restored before grading: settings of the runner that the solution leaves alone, and
 * every test that the agent can see. If all files of a folder belong to the tests, the folder replaces them.
 */
export function protectedPaths({
  files,
  settings,
  isOfTests,
  changed,
}: {
  readonly files: readonly string[];
  /** Patterns. */
  readonly settings: readonly string[];
  readonly isOfTests: (file: string) => boolean;
  /** What the solution changes. */
  readonly changed: readonly string[];
}): readonly string[] {
  const isSetting = picomatch([...settings], { dot: true });
  const kept = files.filter((file) => !changed.includes(file) && isSetting(file));
  const tests = files.filter((file) => isOfTests(file));
  const mixed = foldersOf(files.filter((file) => !isOfTests(file)));
  return [...new Set([...kept, ...tests.map((file) => widest(file, mixed))])].toSorted();
}

function foldersOf(files: readonly string[]): ReadonlySet<string> {
  return new Set(files.flatMap((file) => parentsOf(file)));
}

/** E.g. `a` and `a/b` for `a/b/c.ts`. */
function parentsOf(file: string): readonly string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}

/** The highest folder of a file that has files of tests only, or the file itself. */
function widest(file: string, mixed: ReadonlySet<string>): string {
  return parentsOf(file).find((folder) => !mixed.has(folder)) ?? file;
}
