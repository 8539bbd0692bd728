import { rmSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { clusterOfTests } from "../ledger/store/postgres/test-support/open-store.ts";
import { HAS_POSTGRES, WITHOUT } from "../ledger/store/postgres/test-support/private-cluster.ts";
import { type TriedOption, triedOptions } from "./option-effects/effects.ts";
import { copyOf, namedPort, nameThings, templateOf } from "./option-effects/folders.ts";
import { maskFor, readText, withoutNumbers } from "./option-effects/observe.ts";
import { callAny } from "./option-effects/serve.ts";

/**
 * The first shows the database, the second needs one without a ledger, the windows of the third go to workers, and the
 * fourth names two ledgers.
 */
const OTHERS = /^(?:doctor|ledger import|run)\b|--data-dir/u;

const TRIED = triedOptions().filter(
  ({ command, before }) => ![command, ...before].some((line) => OTHERS.test(line)),
);
const WITH_STORE = new Set(
  TRIED.filter(({ flag }) => flag === "--store").map(({ command }) => command),
);

/** Every command that takes a store, after each of the calls that come before it in its own tests. */
const CALLS = Map.groupBy(
  TRIED.filter(({ command }) => WITH_STORE.has(command)),
  ({ command, before }) => JSON.stringify([command, before]),
)
  .values()
  .flatMap(([first]) => (first === undefined ? [] : [first]));

describe.skipIf(!HAS_POSTGRES)(`with a store${WITHOUT}`, () => {
  const cluster = clusterOfTests();

  test.each([...CALLS])("$command $base says what it says with files", async (tried) => {
    const [files, store] = await Promise.all([
      say(tried, undefined),
      say(tried, await cluster().makeDatabase()),
    ]);
    expect(store).toEqual(files);
  });
});

/** What a command says in a folder of its own. */
async function say(
  { command, base, before, folder: name }: TriedOption,
  store: string | undefined,
): Promise<readonly unknown[]> {
  const folder = await copyOf(name);
  try {
    const lines: string[] = [];
    for (const line of [...before, `${command} ${base}`])
      lines.push(await nameThings(line, folder));
    const place = store === undefined ? folder : { folder, store };
    if (store !== undefined) await moveLedger({ folder, store });
    let said: Awaited<ReturnType<typeof callAny>> = [];
    for (const line of lines) said = await callAny(line, place);
    const mask = maskFor({ folder, template: await templateOf(name), port: await namedPort() });
    const hide = (text: string) =>
      mask(text)
        // Others than this machine write to a store.
        .replace(", every row parsed", "")
        .replaceAll(/(?<=\.experiment\/)stores\/[0-9a-f]+\//gu, "")
        .replaceAll(/postgres:\S+/gu, "<folder>/.experiment/ledger");
    const texts = said.map((one) => (typeof one === "string" ? readText(one, hide) : one));
    return withoutNumbers({ said: texts, files: {} }).said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the ledger of a folder, if it has one, into a database. */
async function moveLedger(place: { readonly folder: string; readonly store: string }) {
  await callAny("ledger import .experiment", place);
  rmSync(path.join(place.folder, ".experiment/ledger"), { recursive: true, force: true });
}
