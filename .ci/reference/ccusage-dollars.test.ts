import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";
import { z } from "zod";

import { processEnvironment } from "../../runner/platform/environment/environment.ts";
import { findExecutable } from "../../runner/platform/processes/find-executable.ts";
import { temporaryFolder } from "../../runner/platform/test-support/temporary-folder.ts";
import { CCUSAGE_DOLLARS } from "./dollar-table.ts";
import { recordedLogs } from "./recorded-runs.ts";

const { variables } = processEnvironment();
const CCUSAGE = await findExecutable("ccusage", variables["PATH"]);
const isCi = variables["CI"] === "true";

/** The folders of the clients' logs in a home. ccusage does not read opencode's table. */
const LOGS: Readonly<Record<string, string>> = {
  claude: ".claude/projects/-workspace",
  codex: ".codex/sessions/2026/11/21",
  gemini: ".gemini/tmp/ws/chats",
  pi: ".pi/agent/sessions/--workspace--",
  qwen: ".qwen/projects/-workspace/chats",
};

const Report = z.union([
  z
    .object({ totals: z.object({ totalCost: z.number() }) })
    .transform((one) => one.totals.totalCost),
  z.object({ totals: z.object({ costUSD: z.number() }) }).transform((one) => one.totals.costUSD),
]);

test.skipIf(CCUSAGE === undefined && !isCi)(
  "ccusage finds the dollars in the session logs of recorded runs that our page says",
  () => {
    const found = Object.entries(recordedLogs().sessions).flatMap(([name, { files }]) => {
      const [client = ""] = name.split("-");
      const logs = LOGS[client];
      return logs === undefined ? [] : [[name, askCcusage(client, logs, files)] as const];
    });
    expect(found.length).toBeGreaterThan(15);
    expect(Object.fromEntries(found)).toEqual(CCUSAGE_DOLLARS);
  },
);

function askCcusage(
  client: string,
  logs: string,
  files: Readonly<Record<string, readonly unknown[]>>,
): number {
  const home = temporaryFolder();
  for (const [file, lines] of Object.entries(files)) {
    const target = path.join(home, logs, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
  const env = { PATH: variables["PATH"], HOME: home };
  const text = execFileSync(CCUSAGE ?? "", [client, "session", "--json", "--offline"], { env });
  return Number(Report.parse(JSON.parse(String(text))).toFixed(8));
}
