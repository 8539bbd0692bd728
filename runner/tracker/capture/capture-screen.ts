import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Capture, PaneParser } from "../../../ledger/sources/pane-reading.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { type HiddenTerminal, openTerminal, type StartedProgram } from "./hidden-terminal.ts";

/** How to come to the limits on a program's screen. */
export interface ScreenScript extends StartedProgram {
  /** The program's name, for messages. */
  readonly name: string;
  /** The command that shows the limits, for example `/status`. */
  readonly words: string;
  readonly prompt: RegExp;
  /** Follows the last limit of a whole pane. */
  readonly end: RegExp;
  /** The program says that the command has to be given once more. */
  readonly again: RegExp;
  readonly parser: PaneParser;
}

type CaptureEnvironment = Pick<
  Environment,
  "cwd" | "variables" | "randomId" | "clock" | "onInterrupt"
>;

/** A list to choose from. Nobody but the user answers it. */
const QUESTION = /^\W{0,4}[›❯>]\s*\d+[.)]\s/mu;
const NEEDS_KEY = /press (?:enter|return|any key)\b/iu;
/** How long a reading has to stay the same: panes are drawn piece by piece. */
const SETTLED_MS = { whole: 500, open: 3000 } as const;
const AGAIN_MS = 3000;
const ENTER_MS = 500;
const SAID_LINES_MAX = 12;

/**
 * Starts a program, asks it for its limits and returns the screen that shows them.
 * @throws TrackerUsageError with the screen, if it shows no limits in time.
 */
export async function captureScreen(
  script: ScreenScript,
  environment: CaptureEnvironment,
  { waitMs, timeZone }: { readonly waitMs: number; readonly timeZone: string },
): Promise<string> {
  const deadlineMs = environment.clock.monotonicMs() + waitMs;
  const terminal = await openTerminal(script, environment, deadlineMs);
  let isInterrupted = false;
  const stopListening = environment.onInterrupt(() => {
    isInterrupted = true;
  });
  const talk = new Talk(script, terminal, environment.clock);
  const sayMissing = () =>
    terminal.hasEnded() ? "ended" : `did not show it in ${String(waitMs / 1000)} s`;
  const ask = async <Answer>(what: string, question: () => Answer | undefined) => {
    const answer = await terminal.ask<Answer | string>(() =>
      isInterrupted ? "was interrupted" : (talk.obstacle() ?? question()),
    );
    if (answer !== undefined && typeof answer !== "string") return answer;
    const why = typeof answer === "string" ? answer : sayMissing();
    throw new TrackerUsageError(sayScreen(script, `${what}; it ${why}`, terminal.screen()));
  };
  try {
    await ask("its prompt", () => talk.isReady());
    terminal.type(script.words);
    await ask(`"${script.words}" at its prompt`, () => talk.hasEchoed());
    terminal.type("\r");
    const { text } = await ask("limits", () => talk.limits(timeZone));
    return text;
  } finally {
    stopListening();
    await terminal.close();
  }
}

function sayScreen({ name, file }: ScreenScript, what: string, screen: string): string {
  const lines = screen.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(-SAID_LINES_MAX).map((line) => `  ${line}`);
  const seen = shown.length === 0 ? "an empty screen" : `this screen:\n${shown.join("\n")}\n`;
  return `--run: expected ${name} to show ${what}. Got ${seen}${seen.endsWith("\n") ? "" : ". "}Start ${file} here once by hand and answer what it asks. Then try again, or give it longer with --wait.`;
}

/** What the program's screen says at the moment. */
class Talk {
  readonly #script: ScreenScript;
  readonly #terminal: HiddenTerminal;
  readonly #clock: Environment["clock"];
  /** One moment for all readings: "resets in 2h" would be another time at each of them. */
  readonly #startedAt: string;
  #answered = "";
  #last = "";
  #lastMs = 0;
  #saidMs = 0;
  #isTypedAgain = false;

  constructor(script: ScreenScript, terminal: HiddenTerminal, clock: Environment["clock"]) {
    this.#script = script;
    this.#terminal = terminal;
    this.#clock = clock;
    this.#startedAt = timestampOf(clock.nowMs());
  }

  /** A question only the user may answer. A screen that only waits for a key gets Enter, once. */
  obstacle(): string | undefined {
    const screen = this.#terminal.screen();
    if (QUESTION.test(screen)) return "asks a question first";
    if (NEEDS_KEY.test(screen) && screen !== this.#answered) {
      this.#answered = screen;
      this.#terminal.type("\r");
    }
    return undefined;
  }

  isReady(): true | undefined {
    const screen = this.#terminal.screen();
    return this.#script.prompt.test(screen) && !NEEDS_KEY.test(screen) ? true : undefined;
  }

  hasEchoed(): true | undefined {
    this.#saidMs = this.#clock.monotonicMs();
    return this.#terminal.screen().includes(this.#script.words) ? true : undefined;
  }

  /** The screen, once its limits no longer change. */
  limits(timeZone: string): { readonly text: string } | undefined {
    const { parser, end, again, words } = this.#script;
    const text = this.#terminal.screen();
    const nowMs = this.#clock.monotonicMs();
    const capture: Capture = { capturedAt: this.#startedAt, timeZone };
    const { meters } = parser.parse(text, capture);
    const figures = JSON.stringify(meters.map(({ as_of: _at, ...figure }) => figure));
    if (figures !== this.#last) [this.#last, this.#lastMs] = [figures, nowMs];
    if (meters.length === 0 && again.test(text) && nowMs - this.#saidMs > AGAIN_MS) {
      // Typed in one piece, the words and Enter would be taken for pasted text.
      const isTyped = this.#isTypedAgain;
      this.#terminal.type(isTyped ? "\r" : words);
      this.#isTypedAgain = !isTyped;
      this.#saidMs = isTyped ? nowMs : nowMs - AGAIN_MS + ENTER_MS;
    }
    const settledMs = end.test(text) ? SETTLED_MS.whole : SETTLED_MS.open;
    return meters.length > 0 && nowMs - this.#lastMs >= settledMs ? { text } : undefined;
  }
}
