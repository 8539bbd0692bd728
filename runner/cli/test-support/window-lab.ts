import { CommandLab } from "./command-lab.ts";

/** When the limit of five hours resets. */
export const RESET = "2025-10-19T13:01:00.000Z";

/** What a command says about a reading. */
export interface Taken {
  readonly id: string;
  readonly is_there: boolean;
  readonly meters: readonly unknown[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
  readonly anomalies: readonly { readonly kind: string; readonly touches: readonly string[] }[];
}

/** What codex shows of its limit. */
export function pane(left: number, resets = "13:01"): string {
  return `5h limit: [██████] ${String(left)}% left (resets ${resets})\n`;
}

/** The same as the ledger has it. */
export function fiveHours(used: number, at: string, resets_at: string | null = RESET) {
  const as_of = `2025-10-19T${at}:00.000Z`;
  return { name: "5h", limit_window_minutes: 300, unit: "percent", used, resets_at, as_of };
}

/** Readings of codex in W0-07 at times of one day, and what else is done there. */
export class WindowLab extends CommandLab {
  line(phase: string, at: string, { window = "W0-07", more = "" } = {}): string {
    return `snapshot ${phase} codex --window ${window} --at 2025-10-19T${at}:00Z${more}`;
  }

  async take(...[phase, at, left, more]: readonly [string, string, number, string?]) {
    const line = this.line(phase, at, { more: more ?? "" });
    const [taken] = await this.json<readonly Taken[]>(line, pane(left));
    if (taken === undefined) throw new Error("Nothing was taken.");
    return taken;
  }

  async refusal(line: string, stdin = "") {
    const { exitCode, err } = await this.run(line, stdin);
    return `${exitCode} ${err.replace("experiment: ", "").trim()}`;
  }

  async complete(more: string) {
    return await this.json<Readonly<Record<string, unknown>>>(`complete --window W0-07 ${more}`);
  }

  async audit() {
    const { out } = await this.run("audit --window W0-07 --json");
    const [audited]: readonly Readonly<Record<string, unknown>>[] = JSON.parse(out);
    return audited;
  }
}
