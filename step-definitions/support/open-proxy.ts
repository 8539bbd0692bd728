import { stringify } from "yaml";

import {
  type FakeUpstream,
  type Respond,
  startFakeUpstream,
} from "../../runner/gateway/proxy/test-support/fake-upstream.ts";
import { type ReceivedAnswer, send } from "../../runner/gateway/proxy/test-support/send.ts";
import { message } from "./upstream-answers.ts";
import { tell } from "./vendor-meters.ts";
import { waitUntil } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

const CREDENTIAL = { "x-api-key": "sk-of-the-agent" };
/** Output tokens of an answer. */
const ANSWER_TOKENS = 41;
const SUBAGENT = { "x-claude-code-agent-id": "a1" };

/** `experiment proxy` before upstreams of the scenario's own. */
export class OpenProxy {
  readonly #world: ExperimentWorld;
  readonly upstreams = new Map<string, FakeUpstream>();
  answer: ReceivedAnswer | null = null;
  answerTokens = ANSWER_TOKENS;
  /** What was recorded, and whose it was. */
  recorded: { readonly answer: ReceivedAnswer | null; readonly url: string } | null = null;
  /** The text of a recording's files. */
  recordedText = "";
  /** How its upstreams answer: with their numbers, and what a scenario lets them say about a plan. */
  respond: Respond = (response, _request, nth) => {
    tell(this.#world, response, nth);
    response.writeHead(200, { "content-type": "application/json" });
    const content = [{ type: "text", text: String(nth) }];
    response.end(message({ content, outputTokens: this.answerTokens }));
  };
  /** How a CONNECT was answered. */
  connectStatus = 0;

  constructor(world: ExperimentWorld) {
    this.#world = world;
  }

  async startUpstreams(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const upstream = await startFakeUpstream((...asked) => this.respond(...asked));
      this.upstreams.set(name, upstream);
      this.#world.cleanups.push(() => upstream.stop());
      this.#world.variables[`${name.toUpperCase()}_KEY`] = `sk-of-${name}`;
    }
  }

  /** Two providers on the same upstream, one of them with routes to the others. */
  writeFile(): void {
    const provider = { driver: "builtin-agent", model: "claude-sonnet-4-5", upstream: "vendor" };
    const upstreams = [...this.upstreams].map(([name, { origin }]) => [
      name,
      { base_url: origin, auth: `env ${name.toUpperCase()}_KEY` },
    ]);
    const text = stringify(
      {
        name: "routed",
        tasks: { bank: "builtin", include: ["lru-cache"] },
        providers: { plain: provider, routed: { ...provider, routes: ["subagents", "rest"] } },
        upstreams: Object.fromEntries(upstreams),
        routes: {
          rest: [
            { when: { share: 0 }, to: "glm" },
            { when: { model: "claude-haiku-*" }, to: "small" },
          ],
          subagents: [{ when: { subagent: true }, to: "glm", model: "glm-4.6" }],
        },
      },
      { collectionStyle: "flow", lineWidth: 0 },
    );
    this.#world.write("experiment.yaml", text);
  }

  async open(line = "experiment proxy"): Promise<void> {
    this.#world.start(line);
    const { running } = this.#world;
    this.#world.cleanups.push(() => this.close());
    const printed = () => running?.printed() ?? "";
    await waitUntil(() => printed().includes("Ctrl-C"), printed);
  }

  /** The base URL of a provider's address, as the command printed it. */
  address(provider: string): string {
    const printed = this.#world.running?.printed() ?? "";
    const url = new RegExp(`^${provider} \\(.*\\): (.*)$`, "m").exec(printed)?.[1];
    if (url === undefined) throw new Error(`No attempt address of ${provider}: ${printed}`);
    return url;
  }

  /** A provider's address for `HTTPS_PROXY`. */
  interceptingAddress(provider: string): string {
    const printed = this.#world.running?.printed() ?? "";
    const url = new RegExp(`^${provider} by HTTPS_PROXY: (.*)$`, "m").exec(printed)?.[1];
    if (url === undefined) throw new Error(`No attempt address of ${provider}: ${printed}`);
    return url;
  }

  async ask(provider: string, body: string, isSubagent: boolean): Promise<void> {
    const headers = { ...CREDENTIAL, ...(isSubagent ? SUBAGENT : {}) };
    this.answer = await send(`${this.address(provider)}/v1/messages`, { headers, body });
  }

  async askBy(provider: string, path: string): Promise<void> {
    const body = bodyFor("claude-sonnet-4-5");
    this.answer = await send(`${this.address(provider)}${path}`, { headers: CREDENTIAL, body });
  }

  async askForStatus(key: string): Promise<void> {
    const { origin } = new URL(this.address("plain"));
    const headers = { authorization: `Bearer ${key}` };
    this.answer = await send(`${origin}/-/status`, { method: "GET", headers });
  }

  async close(): Promise<void> {
    if (this.#world.running === null) return;
    this.#world.running.interrupt();
    await this.#world.finish();
    this.#world.isExitCodeSeen = true;
  }
}

/** White space and an inner model, which a tidy copy or a careless one would lose. */
export function bodyFor(model: string, limit = `"max_tokens":${String(ANSWER_TOKENS)}, `): string {
  return `{ "messages":[{"model":"inner"}],\t"model" : "${model}", ${limit}"x":1.50 }`;
}

const proxies = new WeakMap<ExperimentWorld, OpenProxy>();

export function openProxyOf(world: ExperimentWorld): OpenProxy {
  const proxy = proxies.get(world) ?? new OpenProxy(world);
  proxies.set(world, proxy);
  return proxy;
}
