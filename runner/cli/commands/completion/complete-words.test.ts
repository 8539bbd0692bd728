import { describe, expect, it } from "vitest";

import { COMMAND_GROUPS } from "../../command-groups.ts";
import { completeWords } from "./complete-words.ts";

const COMMANDS = COMMAND_GROUPS.flatMap(({ commands }) => commands);
const OWN = { experiments: () => ["6b2c9cb7d0f1"], tasks: () => ["lru-cache", "text-diff"] };

async function wordsAfter(...words: readonly string[]): Promise<readonly string[]> {
  const found = await completeWords(words, COMMANDS, OWN);
  return found.map(({ word }) => word);
}

describe("the words that fit", () => {
  it("are the program's commands at its beginning, and a group's after its name", async () => {
    expect(await wordsAfter("")).toEqual(COMMANDS.map(({ name }) => name));
    const ofLedger = ["verify", "checkpoint", "export", "import", "query"];
    expect(await wordsAfter("ledger", "")).toEqual(ofLedger);
  });

  it("leave out an option that was given, unless it may be given again", async () => {
    expect(await wordsAfter("run", "--seed", "4", "--se")).toEqual([]);
    expect(await wordsAfter("run", "--stop-when", "x", "--stop")).toEqual(["--stop-when"]);
  });

  it("are the values of the option before the cursor, with or without a sign between", async () => {
    const all = ["literal", "standard", "strict"];
    expect(await wordsAfter("gate", "--policy", "")).toEqual(all);
    expect(await wordsAfter("gate", "--policy", "=", "")).toEqual(all);
    expect(await wordsAfter("gate", "--policy", "=")).toEqual(all);
    expect(await wordsAfter("gate", "--policy=st")).toEqual([
      "--policy=standard",
      "--policy=strict",
    ]);
  });

  it("are names of the reader's own, even after other options", async () => {
    expect(await wordsAfter("report", "--data-dir", "x", "--experiment", "")).toEqual([
      "6b2c9cb7d0f1",
    ]);
    expect(await wordsAfter("task", "check", "lru-cache", "--json", "te")).toEqual(["text-diff"]);
  });

  it("are none where a file belongs, or after an unknown command", async () => {
    expect(await wordsAfter("plan", "--config", "")).toEqual([]);
    expect(await wordsAfter("plan", "")).toEqual([]);
    expect(await wordsAfter("reprot", "")).toEqual([]);
  });
});
