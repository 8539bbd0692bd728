import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { BudgetAdmission } from "../budgets/budget-admission.ts";
import { BudgetBook } from "../budgets/budget-book.ts";
import { keyOf, limitsWith } from "../budgets/test-support/budget-lab.ts";
import type { Proxy } from "./proxy.ts";
import { startProxy } from "./start-proxy.ts";
import { type AnyAnswer, anyAnswer, bytesOf, textBytesIn } from "./test-support/any-answer.ts";
import { type FakeUpstream, startFakeUpstream } from "./test-support/fake-upstream.ts";
import { send } from "./test-support/send.ts";

/** More than any answer takes. */
const CAP = 1e12;
const BYTES_PER_TOKEN = 4;

let answer: AnyAnswer | null = null;
let upstream: FakeUpstream;
let proxy: Proxy;
let attempts = 0;
const debits: BudgetEvent[] = [];
const book = new BudgetBook({
  limits: limitsWith({ overall: CAP, basis: "all" }),
  clock: systemClock,
  onEvent: (event) => debits.push(event),
});

beforeAll(async () => {
  upstream = await startFakeUpstream((response) => {
    if (answer === null) throw new Error("There is no answer.");
    const { bytes, isCut, head } = bytesOf(answer);
    response.writeHead(200, head);
    if (isCut) response.write(bytes, () => response.destroy());
    else response.end(bytes);
  });
  proxy = await startProxy({
    clock: systemClock,
    randomId: () => `key-${String(attempts)}`,
    admission: new BudgetAdmission(book),
    onRequestSettled: () => undefined,
  });
});

afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

/** The last debit of one request with that answer, which is the only one of its attempt. */
async function debitOf(said: AnyAnswer) {
  attempts += 1;
  answer = said;
  // Each provider is new, so that no earlier answer is reserved for.
  const provider = `p${String(attempts)}`;
  const key = { ...keyOf(`W0-${String(attempts)}`), provider };
  book.openAttempt({ key, command: "/implement", windowCap: null });
  const { url, key: opened } = proxy.openAttempt({
    sessionId: "session",
    experimentId: key.experiment_id,
    window: key.window,
    attempt: 1,
    provider,
    upstream: { name: "any", baseUrl: upstream.origin, auth: { mode: "inherit" } },
  });
  await send(`${url}${said.dialect.path}`, { body: said.request });
  await proxy.closeAttempt(opened);
  const debit = debits
    .filter((event) => event.record === "budget_debited")
    .findLast(({ window, is_final: isFinal }) => window === key.window && isFinal);
  book.closeAttempt(key);
  debits.length = 0;
  return debit;
}

/** Returns what is wrong with a debit; null if nothing is. */
function faultOf(said: AnyAnswer, debit: Awaited<ReturnType<typeof debitOf>>): string | null {
  const { total = -1, is_estimated: isEstimated = false } = debit ?? {};
  const stated = said.statement === "true" ? said.input + said.output : null;
  const size = Buffer.byteLength(said.request) + textBytesIn(said);
  if (isEstimated) {
    if (stated !== null && said.cutAt === null) return "It is estimated, although it was stated.";
    const least = Math.floor(size / BYTES_PER_TOKEN);
    return total >= least ? null : `${String(total)} is less than ${String(least)}.`;
  }
  return total === stated ? null : `${String(total)} is not ${String(stated)}.`;
}

test("whatever the answer and wherever it breaks off, it debits what is stated, or by size", async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async (said) => {
      expect(faultOf(said, await debitOf(said))).toBe(null);
    }),
    { numRuns: 400, seed: 33 },
  );
}, 600_000);
