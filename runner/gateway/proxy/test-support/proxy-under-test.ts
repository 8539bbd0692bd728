import { randomUUID } from "node:crypto";

import { onTestFinished } from "vitest";

import type { ProxiedRequest } from "../../../../ledger/domain/proxied-request.ts";
import { systemClock } from "../../../platform/environment/environment.ts";
import type { Admission, AdmissionRequest, Settlement } from "../admission.ts";
import type { AttemptKey, Proxy, ProxyOptions } from "../proxy.ts";
import type { AttemptRoute } from "../routes/route.ts";
import { startProxy } from "../start-proxy.ts";
import type { UpstreamAuth } from "../upstream.ts";
import { type FakeUpstream, type Respond, startFakeUpstream } from "./fake-upstream.ts";

export interface ProxyUnderTest {
  readonly proxy: Proxy;
  readonly upstream: FakeUpstream;
  readonly attempt: AttemptKey;
  readonly events: readonly ProxiedRequest[];
  readonly admitted: readonly AdmissionRequest[];
  readonly settled: readonly (Settlement & { readonly reservation: string })[];
  readonly route: (changes?: Partial<AttemptRoute>, auth?: UpstreamAuth) => AttemptRoute;
}

/** A proxy before a fake upstream, with one attempt open; both are stopped when the test ends. */
export async function proxyBefore(
  respond: Respond,
  options: Partial<ProxyOptions> & { readonly auth?: UpstreamAuth } = {},
): Promise<ProxyUnderTest> {
  const upstream = await startFakeUpstream(respond);
  const events: ProxiedRequest[] = [];
  const admitted: AdmissionRequest[] = [];
  const settled: (Settlement & { reservation: string })[] = [];
  const proxy = await startProxy({
    clock: systemClock,
    randomId: () => randomUUID(),
    admission: recordingAdmission(admitted, settled),
    onRequestSettled: (event) => events.push(event),
    drainMs: 300,
    ...options,
  });
  onTestFinished(async () => {
    await proxy.stop();
    await upstream.stop();
  });
  const route: ProxyUnderTest["route"] = (changes, auth = { mode: "inherit" }) => ({
    sessionId: "session",
    experimentId: "0123456789ab",
    window: "W0-01",
    attempt: 1,
    provider: "claude",
    upstream: { name: "scripted", baseUrl: upstream.origin, auth },
    ...changes,
  });
  const attempt = proxy.openAttempt(route({}, options.auth));
  return { proxy, upstream, attempt, events, admitted, settled, route };
}

/** Lets everything through and remembers it. */
function recordingAdmission(
  admitted: AdmissionRequest[],
  settled: (Settlement & { reservation: string })[],
): Admission {
  return {
    admit: (request) => {
      admitted.push(request);
      return { admitted: true, reservation: `reservation-${admitted.length}` };
    },
    settle: (reservation, settlement) => settled.push({ reservation, ...settlement }),
  };
}

/** For a hang: the slowest machine is faster. */
const HANG_MS = 240_000;

/** Waits until something is so, looking every few milliseconds. */
export async function eventually(isSo: () => boolean, everyMs = 5): Promise<void> {
  for (let waitedMs = 0; waitedMs < HANG_MS; waitedMs += everyMs) {
    if (isSo()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
  throw new Error("It did not come about in time.");
}
