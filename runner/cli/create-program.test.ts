import { expect, test } from "vitest";

import { processEnvironment } from "../platform/environment/environment.ts";
import { COMMAND_CODE } from "./command-code.ts";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { createProgram } from "./create-program.ts";
import type { CommandDefinition, OptionDefinition } from "./definition.ts";
import { groupsOf } from "./help-text.ts";

interface Called {
  readonly words: readonly string[];
  readonly definition: CommandDefinition;
}

function calledBelow(definition: CommandDefinition, parents: readonly string[]): readonly Called[] {
  const words = [...parents, definition.name];
  const inner = (definition.commands ?? []).flatMap((one) => calledBelow(one, words));
  const isCalled = COMMAND_CODE[words.join(" ")] !== undefined;
  return isCalled ? [{ words, definition }, ...inner] : inner;
}

const commands = COMMAND_GROUPS.flatMap((group) =>
  group.commands.flatMap((one) => calledBelow(one, [])),
);

const optionsOf = (definition: CommandDefinition) =>
  groupsOf(definition).flatMap(([, options]) => options);

const cases = commands.flatMap(({ words, definition }) =>
  optionsOf(definition).map((option) => {
    const [flag = ""] = option[0].split(" ");
    return { command: words.join(" "), flag, words, definition, option };
  }),
);

/** The option as a user writes it, with a value that it takes. */
function write([flags, , rules = {}]: OptionDefinition): readonly string[] {
  const [flag = "", value] = flags.split(" ");
  return value === undefined ? [flag] : [flag, rules.choices?.at(-1) ?? "given"];
}

/** The options that the command's code gets for these words. */
async function parse(args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  let got: Readonly<Record<string, unknown>> | undefined;
  const program = createProgram(processEnvironment(), async (_load, options) => {
    got = options;
    return await Promise.resolve();
  });
  await program.parseAsync(args, { from: "user" });
  if (got === undefined) throw new Error(`Nothing was called by: ${args.join(" ")}`);
  return got;
}

test.each(cases)("$command $flag reaches the command's code", async (one) => {
  const { words, definition, option, flag } = one;
  const needed = optionsOf(definition).filter(
    (other) => other !== option && other[2]?.isRequired === true,
  );
  const args = (definition.args ?? []).map(([, , choices]) => choices?.[0] ?? "argument");
  const written = write(option);
  const given = await parse([...words, ...args, ...needed.flatMap(write), ...written]);
  const name = flag.slice(2).replaceAll(/-(\w)/gu, (_all, letter: string) => letter.toUpperCase());
  const expected = written[1] ?? true;
  expect(given[name]).toEqual(option[2]?.isRepeatable === true ? [expected] : expected);
});

test("an option before the name of a sub-command is refused, since it would have no effect", async () => {
  await expect(parse(["proxy", "--data-dir", "elsewhere", "status"])).rejects.toThrow(
    'expected --data-dir after "status"',
  );
});

test("what a sub-command does not know is refused", async () => {
  await expect(parse(["proxy", "status", "--port", "1"])).rejects.toThrow(
    "unknown option '--port'",
  );
});

test("each command has code, and there is no code without a command", () => {
  const leaves = (definition: CommandDefinition, words: string): readonly string[] =>
    definition.commands?.flatMap((one) => leaves(one, `${words} ${one.name}`)) ?? [words];
  const named = COMMAND_GROUPS.flatMap((group) =>
    group.commands.flatMap((one) => leaves(one, one.name)),
  );
  const called = commands.map(({ words }) => words.join(" "));
  expect(Object.keys(COMMAND_CODE).toSorted()).toEqual(called.toSorted());
  expect(called).toEqual(expect.arrayContaining([...named]));
});
