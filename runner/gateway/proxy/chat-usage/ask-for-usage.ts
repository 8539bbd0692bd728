import { member, parseJson } from "../../../platform/json/json-value.ts";
import { locateMembers, objectEnd, topLevelMembers } from "../request-body.ts";

const CLOSE_BRACE = "}";
const ASKED = '"stream_options":{"include_usage":true}';

/**
 * The body of a Chat request that also asks for the usage of its stream, with every other byte
 * unchanged. Null if nothing is to be asked: the answer is no stream, or the client asks itself.
 */
export function withUsageAsked(body: Buffer): Buffer | null {
  if (topLevelMembers(body, ["stream"]).get("stream") !== true) return null;
  const place = locateMembers(body, ["stream_options"]).get("stream_options");
  if (place === undefined) return insertAt(body, body.lastIndexOf(CLOSE_BRACE), `,${ASKED}`);
  const [start] = place;
  const end = Math.max(place[1], objectEnd(body, start));
  const options = parseJson(body.toString("utf8", start, end));
  if (typeof options !== "object" || member(options, "include_usage") === true) return null;
  const asked = Buffer.from(JSON.stringify({ ...options, include_usage: true }));
  return Buffer.concat([body.subarray(0, start), asked, body.subarray(end)]);
}

function insertAt(body: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([body.subarray(0, at), Buffer.from(text), body.subarray(at)]);
}
