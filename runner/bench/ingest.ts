import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { processEnvironment, systemClock } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { benchSize } from "./bench-size.ts";

const FILES = benchSize({ full: 200, short: 2 });
const BYTES = benchSize({ full: 300_000_000, short: 1_000_000 });
const RUNS = benchSize({ full: 3, short: 1 });
const MS_PER_SECOND = 1_000;
const KIB_PER_MIB = 1_024;
/** Lines of each message's blocks, all with the same id and usage. */
const BLOCKS = 3;
const FILLER_BYTES = 4_000;
const TEXT_BYTES = 900;
const SPAN_MS = 86_400_000;
const FIRST_MS = systemClock.nowMs() - 30 * SPAN_MS;
const TELL_PEAK =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

/** Session logs of Claude Code, compared with ccusage on the same logs. `BENCH_CCUSAGE` names its program. */
export function benchIngest(): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-ingest-"));
  try {
    const truth = writeLogs(path.join(folder, "projects", "bench"));
    const main = path.join(packageFolder(), "dist", "runner", "cli", "experiment.cjs");
    const rival = processEnvironment().variables["BENCH_CCUSAGE"];
    const own = Array.from({ length: RUNS }, (_, run) => {
      const data = path.join(folder, `data-${String(run)}`);
      const words = [
        "ingest",
        "claude-session",
        path.join(folder, "projects"),
        "--by-time",
        "--json",
      ];
      return timed(
        process.execPath,
        ["--import", TELL_PEAK, main, ...words, "--data-dir", data],
        folder,
      );
    });
    const seconds = median(own.map((one) => one.seconds));
    const peak = Math.max(...own.map(({ stderr }) => Number(/^peak (\d+)$/mu.exec(stderr)?.[1])));
    const said = sumOfGroups(own[0]?.stdout ?? "");
    return [
      `${String(FILES)} files of ${String(BYTES / 1e6)} MB, ${String(truth.messages)} messages`,
      `ingest: ${seconds.toFixed(2)} s, ${(peak / KIB_PER_MIB).toFixed(0)} MiB at most (target: at most 200 MiB)`,
      `totals: generator ${truth.tokens}, ingest ${said}`,
      ...(rival === undefined
        ? ["ccusage: not measured, BENCH_CCUSAGE names no program"]
        : besideCcusage({ rival, folder, seconds })),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function besideCcusage(run: {
  readonly rival: string;
  readonly folder: string;
  readonly seconds: number;
}) {
  const { rival, folder, seconds } = run;
  const runs = Array.from({ length: RUNS }, () =>
    timed(rival, ["daily", "--json", "--offline"], folder),
  );
  const theirs = median(runs.map((one) => one.seconds));
  const { totals = {} } = JSON.parse(runs[0]?.stdout ?? "{}");
  const tokens = [
    totals.inputTokens,
    totals.outputTokens,
    totals.cacheReadTokens,
    totals.cacheCreationTokens,
  ];
  return [
    `ccusage daily: ${theirs.toFixed(2)} s; ingest takes ${(seconds / theirs).toFixed(2)} × its time (target: at most 2)`,
    `totals of ccusage: ${tokens.join("/")}`,
  ];
}

/** Writes the logs, and returns the true totals: input, output, cache reads and cache writes. */
function writeLogs(folder: string) {
  mkdirSync(folder, { recursive: true });
  const sums = [0, 0, 0, 0];
  let messages = 0;
  for (let file = 0; file < FILES; file += 1) {
    const lines: string[] = [];
    let bytes = 0;
    for (let turn = 0; bytes < BYTES / FILES; turn += 1) {
      messages += 1;
      const classes = [turn % 97, 100 + (turn % 400), 10_000 + turn, turn % 50];
      for (const [index, tokens] of classes.entries()) sums[index] = (sums[index] ?? 0) + tokens;
      for (const line of turnLines({ file, turn, classes })) {
        lines.push(line);
        bytes += line.length + 1;
      }
    }
    writeFileSync(path.join(folder, `session-${String(file)}.jsonl`), `${lines.join("\n")}\n`);
  }
  return { messages, tokens: sums.join("/") };
}

interface Turn {
  readonly file: number;
  readonly turn: number;
  /** Tokens of input, output, cache reads and cache writes. */
  readonly classes: readonly number[];
}

function turnLines({ file, turn, classes }: Turn): readonly string[] {
  const sessionId = `00000000-0000-4000-8000-${String(file).padStart(12, "0")}`;
  const timestamp = timestampOf(FIRST_MS + turn * MS_PER_SECOND);
  const common = {
    sessionId,
    timestamp,
    version: "2.1.329",
    cwd: "/workspace",
    userType: "external",
  };
  const [input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens] =
    classes;
  const usage = {
    input_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens,
  };
  const id = `msg_${String(file)}_${String(turn)}`;
  const content = [{ type: "text", text: "word ".repeat(TEXT_BYTES / 5) }];
  const message = { id, role: "assistant", model: "claude-sonnet-4-5-20250929", content, usage };
  const requestId = `req_${String(file)}_${String(turn)}`;
  const answer = JSON.stringify({ type: "assistant", ...common, requestId, message });
  const filler = {
    type: "user",
    ...common,
    message: { role: "user", content: "x".repeat(FILLER_BYTES) },
  };
  return [JSON.stringify(filler), ...Array.from({ length: BLOCKS }, () => answer)];
}

function timed(program: string, args: readonly string[], folder: string) {
  const startMs = systemClock.monotonicMs();
  const env = { ...processEnvironment().variables, CLAUDE_CONFIG_DIR: folder };
  const options = { encoding: "utf8", env, maxBuffer: 1e9 } as const;
  const { stdout, stderr, status, error } = spawnSync(program, args, options);
  if (status !== 0) throw error ?? new Error(`${program} ended with ${String(status)}: ${stderr}`);
  return { seconds: (systemClock.monotonicMs() - startMs) / MS_PER_SECOND, stdout, stderr };
}

function sumOfGroups(json: string): string {
  const classes = ["input_uncached", "output", "cache_read", "cache_write_5m"];
  const { groups = [] } = JSON.parse(json);
  return classes
    .map((name) =>
      groups.reduce(
        (sum: number, { usage }: { usage: Record<string, number> }) => sum + (usage[name] ?? 0),
        0,
      ),
    )
    .join("/");
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
