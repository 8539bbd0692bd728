import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { chromium } from "playwright-core";

import { processEnvironment, systemClock } from "../platform/environment/environment.ts";
import { packageFolder } from "../platform/environment/package-folder.ts";
import { REQUESTS_A_WINDOW } from "./analysis/made-up-windows.ts";
import { benchSize } from "./bench-size.ts";
import { childCpuMs } from "./cpu-of.ts";

const WINDOWS = benchSize({ full: 10_000, short: 100 });
const CHROMIUM = "/usr/bin/chromium";
const OPENINGS = benchSize({ full: 3, short: 1 });
const MS_PER_SECOND = 1_000;
const MB = 1_000_000;
const KIB_PER_MIB = 1_024;
const LIMIT_MS = 600_000;
/** Says on stderr, as the process ends, what memory it had at most. */
const TELL_PEAK =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

/** The report of a large experiment, from its ledger to a page that answers. */
export function benchReport(): Promise<readonly string[]> {
  return withLedger(async (folder) => [...writeBoth(folder), await openPage(folder)]);
}

/** The preview of the same experiment, twice: the second time finds all that the first one left. */
export function benchPreview(): Promise<readonly string[]> {
  return withLedger((folder) =>
    ["first", "second", "third", "fourth"].map((which) => {
      const { cpu, wall, peak } = measure(["preview"], folder);
      return `${which} preview: ${cpu} s CPU (target: at most 1.5 s when warm), ${wall} s wall, ${peak} MiB at most`;
    }),
  );
}

type Lines = readonly string[];

async function withLedger(use: (folder: string) => Lines | Promise<Lines>): Promise<Lines> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-report-"));
  try {
    const ledger = path.join(folder, ".experiment", "ledger");
    const fill = path.join(packageFolder(), "runner/bench/report/fill-report-ledger.ts");
    run([fill, ledger, String(WINDOWS)], folder);
    return [describeLedger(ledger), ...(await use(folder))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeLedger(ledger: string): string {
  const sizes = readdirSync(ledger).map((name) => statSync(path.join(ledger, name)).size);
  const all = sizes.reduce((sum, one) => sum + one, 0);
  const line = readFileSync(path.join(ledger, "proxy_telemetry.jsonl"), "utf8").split("\n", 1);
  return (
    `${String(WINDOWS)} windows of ${String(REQUESTS_A_WINDOW)} requests: ${(all / MB).toFixed(0)} MB; ` +
    `the row of a request has ${String(line.join("").length)} bytes, its reservation and its debit come on top`
  );
}

function writeBoth(folder: string): readonly string[] {
  const args = ["report", "--format", "markdown,html", "--out", "out"];
  const first = measure(args, folder);
  const later = [1, 2, 3].map(() => measure(args, folder));
  const size = (name: string) => (statSync(path.join(folder, "out", name)).size / MB).toFixed(1);
  return [
    `Markdown and HTML (targets: 8 s CPU, 500 MiB), nothing counted before: ${sayFigures(first)}`,
    ...later.map((one) => `counted before, as after a run: ${sayFigures(one)}`),
    `HTML ${size("report.html")} MB (target: at most 15 MB), Markdown ${size("report.md")} MB`,
  ];
}

function sayFigures({ cpu, wall, peak }: ReturnType<typeof measure>): string {
  return `${cpu} s CPU, ${wall} s wall, ${peak} MiB at most`;
}

/** Seconds and MiB of one command of the built program. */
function measure(command: readonly string[], folder: string) {
  const main = path.join(packageFolder(), "dist", "runner", "cli", "experiment.cjs");
  const cpuBefore = childCpuMs();
  const startMs = systemClock.monotonicMs();
  const stderr = run(["--import", TELL_PEAK, main, ...command], folder);
  const wall = (systemClock.monotonicMs() - startMs) / MS_PER_SECOND;
  const cpu = (childCpuMs() - cpuBefore) / MS_PER_SECOND;
  const peak = Number(/^peak (?<kib>\d+)$/mu.exec(stderr)?.groups?.["kib"]) / KIB_PER_MIB;
  return { cpu: cpu.toFixed(1), wall: wall.toFixed(1), peak: peak.toFixed(0) };
}

/** Interactive: the list of windows can be filtered and sorted. */
async function openPage(folder: string): Promise<string> {
  if (!existsSync(CHROMIUM)) return `interactive: not measured, ${CHROMIUM} is not there`;
  // It opens nothing but the project's own page.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const times: { readonly list: number; readonly answer: number }[] = [];
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      const page = await browser.newPage();
      const startMs = systemClock.monotonicMs();
      const since = () => (systemClock.monotonicMs() - startMs) / MS_PER_SECOND;
      await page.goto(`file://${path.join(folder, "out", "report.html")}`, { timeout: LIMIT_MS });
      await page.locator("#window-list input").first().waitFor({ timeout: LIMIT_MS });
      const list = since();
      const checked = page.locator("#recheck.agrees, #recheck.disagrees");
      await checked.waitFor({ state: "attached", timeout: LIMIT_MS });
      times.push({ list, answer: since() });
      await page.close();
    }
    const [median] = times.toSorted((a, b) => a.list - b.list).slice(Math.floor(OPENINGS / 2));
    return (
      `interactive in Chromium after ${median?.list.toFixed(2) ?? "?"} s (target: at most 2 s), ` +
      `the answer computed again after ${median?.answer.toFixed(1) ?? "?"} s`
    );
  } finally {
    await browser.close();
  }
}

/** What the process said on stderr. */
function run(args: readonly string[], cwd: string): string {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    timeout: LIMIT_MS,
    env: {
      ...processEnvironment().variables,
      XDG_CACHE_HOME: path.join(cwd, "cache"),
      XDG_STATE_HOME: path.join(cwd, "state"),
    },
  });
  if (status !== 0)
    throw new Error(`node ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
  return stderr;
}
