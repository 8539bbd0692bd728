/**
 * A terminal program that behaves like Codex or Claude Code as far as `snapshot --run` goes.
 * Arguments: the file for process numbers, its behaviour, then what the user gives.
 */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const ESCAPE = "\u001B";
const HOUR_MS = 3_600_000;
const MS_PER_MINUTE = 60_000;
const [, , pidFile = "", behaviour = "", ...args] = process.argv;
const isClaude = behaviour.startsWith("claude");
const out = (text: string) => process.stdout.write(text);

appendFileSync(pidFile, `${process.pid}\n`);
if (args[0] === "--help") process.exit(0);
if (args[0] === "-p") {
  if (behaviour === "claude that prints its limits") {
    out("Current session: 22% used · resets in 2h 15m\nCurrent week (all models): 45% used\n");
  }
  process.exit(0);
}

/** The time on a wall in UTC, an hour from now. */
function inAnHour(): string {
  const minutes = Math.floor((nowMs() + HOUR_MS) / MS_PER_MINUTE);
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

const prompt = isClaude ? "❯ " : "› Ask Codex to do anything";
const showPrompt = () => out(`\r\n${ESCAPE}[1m${prompt}${ESCAPE}[0m`);
const words = isClaude ? "/usage" : "/status";

async function showPane(): Promise<void> {
  const reset = inAnHour();
  out(`${ESCAPE}[2J${ESCAPE}[H`);
  if (behaviour === "codex that never answers") return;
  if (isClaude) {
    out("Loading usage data…\r\n");
    await sleep(100);
    out(
      `${ESCAPE}[2J${ESCAPE}[H Current session\r\n ${ESCAPE}[34m██${ESCAPE}[0m   22% used\r\n Resets in 2h 15m\r\n`,
    );
    out(" Current week (all models)\r\n ███   45% used\r\n Resets in 3d 2h\r\n\r\n Esc to cancel");
    return;
  }
  out("╭──────────────────────────╮\r\n│ >_ OpenAI Codex (v0.44.0) │\r\n");
  out(`│ 5h limit:     [${ESCAPE}[32m██${ESCAPE}[0m░] 28% left (resets ${reset}) │\r\n`);
  if (behaviour === "codex that draws its pane in pieces") await sleep(1200);
  out(`│ Weekly limit: [███░] 55% left (resets ${reset}) │\r\n`);
  if (behaviour === "codex with stale limits") {
    out("│ Warning: limits may be stale - start new turn to refresh. │\r\n");
  }
  out("╰──────────────────────────╯\r\n");
  showPrompt();
}

let typed = "";
let isAsked = behaviour === "codex that needs a key";
async function take(text: string): Promise<void> {
  for (const letter of text) {
    if (letter === "\r" && isAsked) {
      isAsked = false;
      out(`${ESCAPE}[2J${ESCAPE}[H`);
      showPrompt();
    } else if (letter === "\r") {
      const given = typed;
      typed = "";
      if (given === words) await showPane();
    } else {
      typed += letter;
      out(`\r${ESCAPE}[K${isClaude ? "❯" : "›"} ${typed}`);
    }
  }
}

function start(): void {
  if (behaviour === "codex that asks for trust") {
    out(
      "Do you trust the contents of this directory?\r\n\r\n› 1. Yes, continue\r\n  2. No, quit\r\n",
    );
  } else if (isAsked) out("Welcome to Codex\r\n\r\n  Press Enter to continue");
  else showPrompt();
}

process.stdin.setRawMode(true);
if (behaviour === "codex that does not end") {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  const helper = spawn("sleep", ["100000"], { detached: true, stdio: "ignore" });
  appendFileSync(pidFile, `${helper.pid ?? ""}\n`);
}
if (behaviour === "codex that ends at once") {
  out("error: not logged in\r\n");
  process.exit(1);
}
let isStarted = false;
process.stdin.on("data", (bytes: Buffer) => {
  const text = bytes.toString();
  // The terminal says where the cursor is.
  const isAnswer = new RegExp(`${ESCAPE}\\[\\d+;\\d+R`, "u").test(text);
  if (isAnswer && !isStarted) {
    isStarted = true;
    start();
  } else void take(text);
});
out(`${ESCAPE}[6n`);
