import { chmodSync, existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { systemClock } from "../../../platform/environment/environment.ts";
import { captureByRun, type RunRequest } from "../../../tracker/capture/capture-by-run.ts";
import { CommandLab } from "../../test-support/command-lab.ts";

const PANE = [
  "╭──────────────────╮",
  "│ 5h limit: [██] 28% left (resets 13:01) │",
  "│ Weekly limit: [██] 55% left (resets 13:01) │",
  "╰──────────────────╯",
];
const USAGE = "Current session: 22% used · resets in 2h 15m\nCurrent week (all models): 45% used";

/** A lab with one program, written in shell. The terminal shows what is typed. */
class ProgramLab extends CommandLab {
  #interrupt: () => void = () => undefined;

  install(name: string, ...lines: readonly string[]): void {
    chmodSync(this.file(`bin/${name}`, "#!/bin/sh", ...lines), 0o755);
    this.file("pane.txt", ...PANE);
  }

  async capture(source: RunRequest["source"], waitMs = 100_000): Promise<string> {
    const variables = { PATH: `${this.folder}/bin:/usr/bin:/bin`, HOME: this.folder };
    const environment = {
      ...this.environment(),
      clock: systemClock,
      variables: { ...variables, NOTHING: undefined },
      onInterrupt: (listener: () => void) => {
        this.#interrupt = listener;
        return () => undefined;
      },
    };
    return await captureByRun({ source, timeZone: "UTC", waitMs }, environment);
  }

  interrupt(): void {
    this.#interrupt();
  }

  has(name: string): boolean {
    return existsSync(`${this.folder}/${name}`);
  }

  said(name: string): string {
    return readFileSync(`${this.folder}/${name}`, "utf8").trim();
  }
}

describe("claude", () => {
  it("that prints its limits is not started on a screen", async () => {
    const lab = new ProgramLab();
    lab.install("claude", `if [ "$1" = -p ]; then echo '${USAGE}'; exit; fi`, "echo > started.txt");
    expect(await lab.capture("claude")).toContain("22% used");
    expect(lab.has("started.txt")).toBe(false);
  });

  it("that prints none is asked on a screen", async () => {
    const lab = new ProgramLab();
    lab.install(
      "claude",
      `if [ "$1" = -p ]; then echo 'Log in first'; exit; fi`,
      "printf '❯ '; read words; echo $words > words.txt",
      `echo '${USAGE}'; echo 'Esc to cancel'; exec sleep 1000`,
    );
    expect(await lab.capture("claude")).toMatch(/22% used[^]*Esc to cancel$/);
    expect(lab.said("words.txt")).toBe("/usage");
  });
});

describe("codex", () => {
  it("gets the variables, the folder and the terminal of a person, and no server that would stay", async () => {
    const lab = new ProgramLab();
    lab.install(
      "codex",
      `if [ "$1" = --help ]; then echo ' --no-daemon'; exit; fi`,
      'echo "$* $TERM ${NOTHING-unset} $(stty size)" > started.txt',
      "printf '› Ask me'; read words; cat pane.txt; exec sleep 1000",
    );
    expect(await lab.capture("codex")).toContain("28% left");
    expect(lab.said("started.txt")).toBe("--no-daemon xterm-256color unset 50 120");
  });

  it("is asked again as often as it says so", async () => {
    const lab = new ProgramLab();
    lab.install(
      "codex",
      `if [ "$1" = --help ]; then exit; fi`,
      'echo "args: $*" > started.txt',
      "printf '› Ask me'; read words; echo 'Limits are not available yet'",
      "read more; echo $more > again.txt; cat pane.txt; exec sleep 1000",
    );
    expect(await lab.capture("codex")).toContain("55% left");
    expect(lab.said("again.txt")).toBe("/status");
    expect(lab.said("started.txt")).toBe("args:");
  });

  it("that waits for a key gets Enter", async () => {
    const lab = new ProgramLab();
    lab.install(
      "codex",
      `if [ "$1" = --help ]; then exit; fi`,
      "echo 'Press Enter to continue'; read key; printf '\\033[2J\\033[H› Ask me'; read words",
      "cat pane.txt; exec sleep 1000",
    );
    expect(await lab.capture("codex")).toContain("28% left");
  });
});

describe("codex without limits", () => {
  it.each(["› 1. Yes, continue", "❯ 2) No", " > 1. Trust it"])(
    "that asks %j is answered by nobody",
    async (question) => {
      const lab = new ProgramLab();
      lab.install(
        "codex",
        `if [ "$1" = --help ]; then exit; fi`,
        `echo 'Do you trust this folder?'; echo '${question}'; read words; echo > answered.txt`,
      );
      await expect(lab.capture("codex")).rejects.toThrow(
        /show its prompt; it asks a question first\. Got this screen:\n {2}Do you trust this folder\?/,
      );
      expect(lab.has("answered.txt")).toBe(false);
    },
  );

  it("that ends, or that shows nothing in time, is refused with its screen", async () => {
    const lab = new ProgramLab();
    lab.install("codex", "echo 'not logged in'");
    await expect(lab.capture("codex")).rejects.toThrow(
      /its prompt; it ended\. .*\n {2}not logged in/,
    );
    lab.install("codex", `if [ "$1" = --help ]; then exit; fi`, "exec sleep 1000");
    await expect(lab.capture("codex", 300)).rejects.toThrow(
      "its prompt; it did not show it in 0.3 s. Got an empty screen. Start",
    );
  });

  it("is ended by an interrupt", async () => {
    const lab = new ProgramLab();
    lab.install("codex", `if [ "$1" = --help ]; then exit; fi`, "echo > up.txt; exec sleep 1000");
    const said = lab.capture("codex").then(
      () => "nothing",
      (error: unknown) => String(error),
    );
    await expect.poll(() => lab.has("up.txt")).toBe(true);
    lab.interrupt();
    expect(await said).toContain("its prompt; it was interrupted");
  });

  it("that is not on the PATH is refused, and so is glm, which has no pane", async () => {
    const lab = new ProgramLab();
    await expect(lab.capture("claude")).rejects.toThrow("expected claude in a folder of PATH");
    await expect(lab.capture("glm")).rejects.toThrow("got glm, which has no pane");
  });
});
