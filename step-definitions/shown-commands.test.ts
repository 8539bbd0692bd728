import { globSync } from "node:fs";

import { expect, test } from "vitest";
import { parse } from "yaml";

import { createProgram } from "../runner/cli/create-program.ts";
import { ExperimentFile } from "../runner/plan/config/experiment-file.ts";
import { processEnvironment } from "../runner/platform/environment/environment.ts";
import type { Shown } from "./documents/read-shown.ts";
import { shownBy, SMALL_EXPERIMENT, wordsOf } from "./documents/shown-by-page.ts";

/** A call of the program in a line of shell. */
const CALL = /npx (?:experiment|counterbalance)(?:'[^']*'|[^'|<>&;#])*/;

const PAGES = ["README.md", "docs/tutorial.md", "docs/method.md", ...globSync("docs/how-to/*.md")];

test.each([...PAGES, ...globSync("docs/reference/commands/*.md")])(
  "the program's parser accepts the commands of %s",
  async (page) => {
    const shown = [...textsOf(page, "vendor"), ...textsOf(page, "command")];
    const calls = await Promise.all(shown.flatMap((text) => CALL.exec(text) ?? []).map(wordsOf));
    const faults = await Promise.all(calls.map(parseFault));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  },
);

test.each(PAGES.filter((page) => textsOf(page, "fragment").length > 0))(
  "the parts of a configuration in %s are valid",
  (page) => {
    const faults = textsOf(page, "fragment").map(
      (text) => ExperimentFile.safeParse({ ...SMALL_EXPERIMENT, ...parse(text) }).error,
    );
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  },
);

function textsOf(page: string, kind: Shown["kind"]): string[] {
  return shownBy(page)
    .filter((shown) => shown.kind === kind)
    .map(({ text }) => text);
}

/** What the program's own parser says against a command. The command is not run. */
async function parseFault([, , ...args]: readonly string[]): Promise<unknown> {
  const program = createProgram(processEnvironment(), () => Promise.resolve());
  return await program.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (fault: unknown) => fault,
  );
}
