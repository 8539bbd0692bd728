import { randomUUID } from "node:crypto";

import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { BudgetAdmission } from "../../runner/gateway/budgets/budget-admission.ts";
import { BudgetBook } from "../../runner/gateway/budgets/budget-book.ts";
import type { BudgetLimits } from "../../runner/gateway/budgets/budget-limits.ts";
import { askedDollars, type PriceBook } from "../../runner/gateway/prices/price-book.ts";
import type { AttemptKey, Proxy } from "../../runner/gateway/proxy/proxy.ts";
import { startProxy } from "../../runner/gateway/proxy/start-proxy.ts";
import {
  type FakeUpstream,
  type Respond,
  startFakeUpstream,
} from "../../runner/gateway/proxy/test-support/fake-upstream.ts";
import {
  type ReceivedAnswer,
  send,
  type SentRequest,
} from "../../runner/gateway/proxy/test-support/send.ts";
import type { UpstreamAuth } from "../../runner/gateway/proxy/upstream.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import { waitUntil } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

const EXPERIMENT = "0123456789ab";
/** Short, so that an answer that never ends is given up while a spec waits. */
const DRAIN_MS = 100;

/** A proxy of the scenario's own before an upstream that answers as the scenario says. */
export class ProxyStage {
  readonly #world: ExperimentWorld;
  readonly rows: ProxiedRequest[] = [];
  readonly budgetRows: BudgetEvent[] = [];
  readonly answers: ReceivedAnswer[] = [];
  readonly attempts = new Map<string, AttemptKey>();
  auth: UpstreamAuth = { mode: "inherit" };
  respond: Respond = (response) => void response.end("{}");
  /** What the upstream answered, as it sent it. */
  answered: Buffer = Buffer.alloc(0);
  /** Times that the upstream gave up waiting for the agent to have what was sent. */
  waitsInVain = 0;
  #received = 0;
  #proxy: Proxy | null = null;
  #upstream: FakeUpstream | null = null;
  /** What the proxy is started with. */
  limits: BudgetLimits = {
    mode: "block",
    basis: "uncached",
    limits: [],
    periodMs: null,
  };
  /** How long an agent may take to send a request; null: as long as by default. */
  requestMs: number | null = null;
  /** What models cost. */
  prices: Pick<PriceBook, "dollars" | "nameAt"> = {
    dollars: () => null,
    nameAt: (_, model) => model,
  };
  #book: BudgetBook | null = null;

  constructor(world: ExperimentWorld) {
    this.#world = world;
  }

  get proxy(): Proxy {
    if (this.#proxy === null) throw new Error("No proxy has been started in this scenario.");
    return this.#proxy;
  }

  get upstream(): FakeUpstream {
    if (this.#upstream === null) throw new Error("No upstream has been started in this scenario.");
    return this.#upstream;
  }

  /** The last answer that an agent got. */
  get answer(): ReceivedAnswer {
    const answer = this.answers.at(-1);
    if (answer === undefined) throw new Error("No agent has got an answer in this scenario.");
    return answer;
  }

  async start(): Promise<void> {
    const upstream = await startFakeUpstream((...call) => this.respond(...call));
    this.#book = new BudgetBook({
      limits: this.limits,
      clock: systemClock,
      onEvent: (event) => this.budgetRows.push(event),
    });
    const proxy = await startProxy({
      clock: systemClock,
      randomId: () => randomUUID(),
      admission: new BudgetAdmission(this.#book),
      onRequestSettled: (row) => this.rows.push(row),
      priceOf: (...asked) => askedDollars(this.prices, ...asked),
      drainMs: DRAIN_MS,
      ...(this.requestMs === null ? {} : { requestMs: this.requestMs }),
    });
    this.#upstream = upstream;
    this.#proxy = proxy;
    this.#world.cleanups.push(async () => {
      await proxy.stop();
      await upstream.stop();
    });
  }

  /** Opens the first attempt at a window. */
  open(window: string, windowCap: number | null = null): void {
    const key = {
      experiment_id: EXPERIMENT,
      window,
      attempt: 1,
      provider: "first",
      feature_id: "lru-cache",
      replicate: 1,
      period: 1,
    };
    this.#book?.openAttempt({ key, command: "/implement lru-cache", windowCap });
    const upstream = { name: "vendor", baseUrl: this.upstream.origin, auth: this.auth };
    this.attempts.set(
      window,
      this.proxy.openAttempt({
        sessionId: "session",
        experimentId: EXPERIMENT,
        window,
        attempt: 1,
        provider: "first",
        upstream,
      }),
    );
  }

  attempt(window: string): AttemptKey {
    const attempt = this.attempts.get(window);
    if (attempt === undefined) throw new Error(`No attempt at ${window} has been opened.`);
    return attempt;
  }

  answersWith(
    body: Buffer,
    head: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ): void {
    this.answered = body;
    this.respond = (response) => {
      const headers = { "content-type": "application/json", ...head.headers };
      response.writeHead(head.status ?? 200, headers).end(body);
    };
  }

  /** Each part is sent when the agent has all the parts before it. */
  answersStepByStep(parts: readonly string[]): void {
    this.answered = Buffer.from(parts.join(""));
    this.respond = async (response) => {
      let sent = 0;
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const part of parts) {
        response.write(part);
        sent += Buffer.byteLength(part);
        const hasArrived = () => this.#received >= sent;
        if (this.waitsInVain === 0)
          await waitUntil(hasArrived).catch(() => (this.waitsInVain += 1));
      }
      response.end();
    };
  }

  /** Sends a request as the agent of a window does, and keeps its answer. */
  async ask(window: string, path: string, sent: SentRequest): Promise<void> {
    await this.askAt(`${this.attempt(window).url}${path}`, sent);
  }

  async askAt(url: string, sent: SentRequest): Promise<void> {
    const onChunk = (chunk: Buffer): void => void (this.#received += chunk.length);
    this.answers.push(await send(url, { onChunk, ...sent }));
  }

  /** Waits until every request that came is settled. */
  async settle(): Promise<void> {
    await Promise.all([...this.attempts.values()].map(({ key }) => this.proxy.closeAttempt(key)));
  }
}

const stages = new WeakMap<ExperimentWorld, ProxyStage>();

export function stageOf(world: ExperimentWorld): ProxyStage {
  const stage = stages.get(world) ?? new ProxyStage(world);
  stages.set(world, stage);
  return stage;
}
