import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { UsageError } from "../../../../ledger/domain/errors.ts";
import { listFolderFiles } from "../../bank/read-task-folder.ts";

/** A small change of a solution that a suite should notice. */
export interface Mutant {
  readonly id: string;
  /** File and line, e.g. `src/lru-cache.ts:8`. */
  readonly at: string;
  /** The kind of change, e.g. `ConditionalExpression`. */
  readonly kind: string;
  /** The code that is changed and what it becomes, each in one line. */
  readonly from: string;
  readonly to: string;
}

const PACKAGE: string = "@stryker-mutator/instrumenter";
const CODE = /\.(?:[cm]?[jt]s)$/u;
/** Longer code is cut. */
const CODE_CHARS_MAX = 90;

/** Lines and columns are counted from 0. */
const Position = z.looseObject({ line: z.int().nonnegative(), column: z.int().nonnegative() });
const Location = z.looseObject({ start: Position, end: Position });
const Instrumented = z.looseObject({
  files: z.array(z.looseObject({ name: z.string(), content: z.string() })),
  mutants: z.array(
    z.looseObject({
      id: z.string(),
      fileName: z.string(),
      mutatorName: z.string(),
      replacement: z.string(),
      location: Location,
    }),
  ),
});

/** The part of the package that is used here. The package is optional, so its types may be missing. */
const Instrumenters = z.looseObject({
  Instrumenter: z.custom<
    new (log: unknown) => { instrument: (files: unknown, options: unknown) => Promise<unknown> }
  >((value) => typeof value === "function"),
});

/** The optional package that makes mutants is not installed. */
class InstrumenterMissingError extends UsageError {}

/**
 * Puts all mutants of a folder's code into its files. The files stay right until a mutant is made active, by
 * `globalThis.__stryker__`.
 * @param names - Only these files get mutants; without them all do.
 */
export async function makeMutants(
  folder: string,
  names = listFolderFiles(folder).map(({ relativePath }) => relativePath),
): Promise<readonly Mutant[]> {
  const { Instrumenter } = await loadInstrumenter();
  const sources = new Map(
    names
      .filter((name) => CODE.test(name))
      .map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
  );
  const files = [...sources].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const result = Instrumented.parse(await new Instrumenter(SILENT).instrument(files, options));
  for (const { name, content } of result.files) writeFileSync(path.join(folder, name), content);
  return result.mutants.map(({ id, fileName, mutatorName, location, replacement }) => ({
    id,
    kind: mutatorName,
    at: `${fileName}:${String(location.start.line + 1)}`,
    from: inOneLine(cut(sources.get(fileName) ?? "", location)),
    to: inOneLine(replacement),
  }));
}

function cut(source: string, { start, end }: z.infer<typeof Location>): string {
  const lines = source.split("\n").slice(start.line, end.line + 1);
  const last = lines.pop()?.slice(0, end.column) ?? "";
  return [...lines, last].join("\n").slice(start.column);
}

/** The package's log, which is not read. */
const SILENT: unknown = new Proxy({}, { get: () => () => false });

/** Whether the optional package that makes mutants is there and works. */
export async function hasInstrumenter(): Promise<boolean> {
  return await loadInstrumenter().then(
    () => true,
    () => false,
  );
}

async function loadInstrumenter(): Promise<z.infer<typeof Instrumenters>> {
  try {
    return Instrumenters.parse(await import(PACKAGE));
  } catch (error) {
    throw new InstrumenterMissingError(
      `${PACKAGE}: expected this optional package for --mutants, got none that works. Install it with this program: npm install ${PACKAGE}.`,
      { cause: error },
    );
  }
}

function inOneLine(code: string): string {
  const line = code.replaceAll(/\s+/gu, " ").trim();
  return line.length > CODE_CHARS_MAX ? `${line.slice(0, CODE_CHARS_MAX)}…` : line;
}
