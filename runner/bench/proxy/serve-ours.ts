import { BudgetAdmission } from "../../gateway/budgets/budget-admission.ts";
import { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { startProxy } from "../../gateway/proxy/start-proxy.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { keepMemoryLean } from "../../platform/environment/lean-memory.ts";
import { announce } from "./announce.ts";

keepMemoryLean();

/**
 * The proxy as a run starts it: keys, meters, budgets and rows; the rows are counted and dropped. With
 * an authority's folder it intercepts as well.
 */
const [origin = "", authorityFolder] = process.argv.slice(2);
const { clock, randomId } = processEnvironment();
const HOSTS = ["localhost"];
const EXPERIMENT = "0".repeat(12);
const book = new BudgetBook({
  limits: { mode: "block", basis: "uncached", limits: [], periodMs: null },
  clock,
  onEvent: () => undefined,
});
let rows = 0;
let tokens = 0;
const interception =
  authorityFolder === undefined
    ? {}
    : { interception: { authority: await openAuthority(authorityFolder, clock), hosts: HOSTS } };
const proxy = await startProxy({
  ...interception,
  clock,
  randomId,
  admission: new BudgetAdmission(book),
  onRequestSettled: ({ prompt_tokens, completion_tokens }) => {
    rows += 1;
    tokens += (prompt_tokens ?? 0) + (completion_tokens ?? 0);
  },
});
const key = {
  experiment_id: EXPERIMENT,
  window: "W0-01",
  attempt: 1,
  provider: "bench",
  feature_id: "bench",
  replicate: 1,
  period: 1,
};
book.openAttempt({ key, command: "/implement bench", windowCap: null });
const address = proxy.openAttempt({
  sessionId: "bench",
  experimentId: EXPERIMENT,
  window: "W0-01",
  attempt: 1,
  provider: "bench",
  upstream: { name: "model", baseUrl: origin, auth: { mode: "inherit" } },
});

announce(`${address.url}/v1/messages`);
process.once("SIGINT", () => process.exit(0));
process.on("message", () => process.send?.({ rows, tokens }));
