import path from "node:path";

import { readLines, textOf } from "../../../../ledger/sources/read-lines.ts";
import type { UsageReading, UsageSource } from "../../../../ledger/sources/usage-source.ts";
import { processEnvironment } from "../../../platform/environment/environment.ts";
import { filesOf, openFile } from "../../../tracker/ingest/ingest-files.ts";
import { USAGE_SOURCES } from "../../../tracker/ingest/sources.ts";
import { tokensOf } from "./run-client.ts";

/** The sources of the clients' session logs, and the folders of a home that hold them. */
const LOGS: Readonly<Record<string, readonly [UsageSource, string]>> = {
  "claude-code": [USAGE_SOURCES["claude-session"], ".claude/projects"],
  codex: [USAGE_SOURCES["codex-rollout"], "sessions"],
  gemini: [USAGE_SOURCES["gemini-session"], ".gemini/tmp"],
  opencode: [USAGE_SOURCES["opencode-session"], ".local/share/opencode"],
  pi: [USAGE_SOURCES["pi-session"], ".pi/agent/sessions"],
  qwen: [USAGE_SOURCES["qwen-session"], ".qwen/projects"],
};

/** The tokens of a client's own logs, as `ingest` reads them: each use once. */
export async function readSessionLogs(client: string, home: string) {
  const [source, folder] = LOGS[client] ?? [];
  if (source === undefined || folder === undefined) throw new Error(`${client} has no logs.`);
  const readings: UsageReading[] = [];
  for (const file of filesOf(path.join(home, folder), source, processEnvironment())) {
    const reader = source.open({ file, readAt: "2026-11-01T00:00:00.000Z", provider: client });
    for await (const lines of readLines(openFile(file), source)) {
      for (const line of lines) readings.push(...reader.line(textOf(line), line.number));
    }
  }
  const events = readings.flatMap((one) => (one.kind === "event" ? [one.event] : []));
  return tokensOf([...new Map(events.map((event) => [event.id, event])).values()]);
}
