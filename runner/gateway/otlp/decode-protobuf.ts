import type { Root, Type } from "protobufjs";

import schema from "./schema/otlp.json" with { type: "json" };

/** What an agent sends to one address. */
export type OtlpSignal = "logs" | "metrics";

const MESSAGES = {
  logs: "opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest",
  metrics: "opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest",
} as const satisfies Record<OtlpSignal, string>;

let root: Promise<Root> | undefined;

/** An export in protobuf, in the form that the same export has in JSON. Throws if it is not an export. */
export async function decodeProtobuf(signal: OtlpSignal, bytes: Uint8Array): Promise<unknown> {
  const message = await messageOf(signal);
  return message.toObject(message.decode(bytes), { longs: String });
}

/** Few commands need it, so that it is loaded with the first export. */
export async function messageOf(signal: OtlpSignal): Promise<Type> {
  root ??= loadSchema();
  return (await root).lookupType(MESSAGES[signal]);
}

async function loadSchema(): Promise<Root> {
  const { default: protobuf } = await import("protobufjs/light.js");
  return protobuf.Root.fromJSON(schema);
}
