import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";

import { brokenInputs, INPUTS } from "../../../ledger/sources/test-support/broken-inputs.ts";
import { decodeProtobuf, messageOf } from "../../gateway/otlp/decode-protobuf.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { readCalendar } from "./calendar.ts";
import { readSchedule } from "./windows-file.ts";

const PLACE = { file: "f", timeZone: "Europe/Berlin", commands: ["ingest", "snapshot"] };

/** A reading, or undefined if the input is refused with a sentence that helps. */
function readOrRefuse<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TrackerUsageError) return undefined;
    throw error;
  }
}

describe("broken input", () => {
  it("is refused by name in windows.local.txt", () => {
    let read = 0;
    for (const text of brokenInputs("windows.local.txt")) {
      const schedule = readOrRefuse(() => readSchedule(text, PLACE));
      for (const { planned } of schedule?.windows ?? []) {
        expect(planned.endMs).toBeGreaterThan(planned.startMs);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(0);
  });

  it("is refused by name in a calendar", () => {
    let read = 0;
    for (const text of brokenInputs("ics")) {
      const calendar = readOrRefuse(() => readCalendar(text, PLACE));
      for (const { startMs, endMs } of calendar?.windows ?? []) {
        expect(endMs).toBeGreaterThan(startMs);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(0);
  });

  it("is an error or a value in protobuf", async () => {
    const message = await messageOf("logs");
    const attributes = [{ key: "session.id", value: { stringValue: "s" } }];
    const logs = [{ scopeLogs: [{ logRecords: [{ timeUnixNano: "1", attributes }] }] }];
    const whole = message.encode(message.fromObject({ resourceLogs: logs })).finish();
    const random = seedrandom("fuzz protobuf");
    let read = 0;
    for (let input = 0; input < INPUTS; input += 1) {
      const bytes = Uint8Array.from(whole.subarray(0, Math.ceil(random() * whole.length)));
      for (let change = 0; change < input % 4; change += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const value = await decodeProtobuf("logs", bytes).catch((error: unknown) => error);
      if (!(value instanceof Error)) read += JSON.stringify(value).length;
    }
    expect(read).toBeGreaterThan(0);
  });
});
