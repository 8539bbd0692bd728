import { expect, onTestFinished, test } from "vitest";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { createDataFolder, locateDataFolder } from "../../platform/environment/data-folder.ts";
import { processEnvironment, systemClock } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { createTracker } from "../../tracker/windows/tracker.ts";
import { ServedTelemetry } from "./served-telemetry.ts";

const WINDOW = { window: "W0-01", provider: "claude", agent: "main", attempt: 1 };
const ROWS_MAX = 20;

/** An export of one request of a session of its own. */
function exportOf(session: string): string {
  const told = {
    "session.id": session,
    "event.name": "api_request",
    input_tokens: "1",
    output_tokens: "1",
    request_id: session,
  };
  const attributes = Object.entries(told).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  }));
  const logRecords = [{ body: { stringValue: "claude_code.api_request" }, attributes }];
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

async function serve() {
  const environment = { ...processEnvironment(), cwd: temporaryFolder(), variables: {} };
  const folder = locateDataFolder(undefined, environment);
  createDataFolder(folder);
  const store = await openJsonlStore({
    folder: folder.ledger,
    clock: systemClock,
    agentId: "harness",
    toolVersion: "0.0.0",
  });
  onTestFinished(() => store.close());
  const tracker = createTracker({ store, folder, agent: "harness", clock: systemClock });
  const telemetry = new ServedTelemetry(() => tracker, ROWS_MAX);
  return { store, telemetry, take: telemetry.open(WINDOW) };
}

test("exports that find no room in a window's rows are counted to the last one, and said", async () => {
  const { store, telemetry, take } = await serve();
  for (let nth = 0; nth < 500; nth += 1) await take(exportOf(String(nth)));
  expect([...store.read("usage")]).toHaveLength(ROWS_MAX);
  const said = await telemetry.close(() => true);
  expect(said).toEqual([
    expect.stringContaining("480 exports of OpenTelemetry found no room in 20 rows."),
  ]);
  const [anomaly] = [...store.read("anomalies")];
  expect(anomaly).toMatchObject({
    kind: "telemetry-left-out",
    window: "W0-01",
    touches: ["W0-01"],
    observed: { exports: 480, rows: ROWS_MAX },
  });
});

test("one export of many sessions writes no more rows either", async () => {
  const { store, telemetry, take } = await serve();
  const exports = Array.from({ length: 500 }, (_, nth) => JSON.parse(exportOf(String(nth))));
  const resourceLogs = exports.flatMap((one) => one.resourceLogs);
  await take(JSON.stringify({ resourceLogs }));
  expect([...store.read("usage")]).toHaveLength(ROWS_MAX);
  const [said] = await telemetry.close(() => true);
  expect(said).toContain("1 export of OpenTelemetry found no room");
});

test("exports that find room are not spoken of", async () => {
  const { store, telemetry, take } = await serve();
  await take(exportOf("a"));
  expect(await telemetry.close(() => true)).toEqual([]);
  expect([...store.read("anomalies")]).toEqual([]);
});
