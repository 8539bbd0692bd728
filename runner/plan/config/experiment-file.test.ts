import { expect, test } from "vitest";

import { ExperimentFile } from "./experiment-file.ts";

const PROVIDER = { driver: "builtin-agent", model: "m" };

test("two providers are all that has to be written", () => {
  const file = ExperimentFile.parse({ providers: { a: PROVIDER, b: PROVIDER } });
  expect(file.tasks).toEqual({ bank: "task-bank", include: ["*"], replicates: 1 });
});

test.each([
  { fault: "no provider", file: { providers: {} } },
  {
    fault: "seven providers",
    file: {
      providers: Object.fromEntries(
        ["a", "b", "c", "d", "e", "f", "g"].map((id) => [id, PROVIDER]),
      ),
    },
  },
  {
    fault: "an upstream that is neither an address nor a script",
    file: { providers: { a: PROVIDER, b: PROVIDER }, upstreams: { u: {} } },
  },
  {
    fault: "an upstream that is both",
    file: {
      providers: { a: PROVIDER, b: PROVIDER },
      upstreams: { u: { base_url: "http://127.0.0.1:1", scripted: {} } },
    },
  },
  {
    fault: "a name that every object has",
    file: { providers: { a: { ...PROVIDER, upstream: "constructor" }, b: PROVIDER } },
  },
])("$fault is refused", ({ file }) => {
  expect(ExperimentFile.safeParse(file).success).toBe(false);
});
