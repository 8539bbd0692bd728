import { type ReceivedAnswer, send } from "../../runner/gateway/proxy/test-support/send.ts";
import type { CommandEnd } from "./command-run.ts";
import { HarnessProcess } from "./harness-process.ts";
import type { ExperimentWorld } from "./world.ts";

const CREDENTIAL = { "x-api-key": "sk-of-the-agent" };

/** `experiment proxy` as a process of its own, with an agent that asks through its first address. */
export class ProxyProcess {
  readonly #harness: HarnessProcess;

  constructor(world: ExperimentWorld, options: readonly string[]) {
    this.#harness = new HarnessProcess(["proxy", ...options], world);
  }

  async opened(): Promise<void> {
    await this.#harness.waitUntil(() => this.#harness.printed().includes("Ctrl-C"));
  }

  printed(): string {
    return this.#harness.printed();
  }

  async kill(): Promise<void> {
    await this.#harness.kill();
  }

  async interrupted(): Promise<CommandEnd> {
    this.#harness.signal("SIGINT");
    return await this.#harness.ended();
  }

  async ask(body: string): Promise<ReceivedAnswer> {
    const url = /^\w+ \(W0-01\): (.*)$/m.exec(this.#harness.printed())?.[1] ?? "";
    return await send(`${url}/v1/messages`, { headers: CREDENTIAL, body });
  }
}
