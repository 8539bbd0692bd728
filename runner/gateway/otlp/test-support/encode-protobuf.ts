import { messageOf, type OtlpSignal } from "../decode-protobuf.ts";

/** An export as an agent sends it in protobuf. */
export async function encodeProtobuf(
  signal: OtlpSignal,
  value: Readonly<Record<string, unknown>>,
): Promise<Buffer> {
  const message = await messageOf(signal);
  return Buffer.from(message.encode(message.fromObject(value)).finish());
}
