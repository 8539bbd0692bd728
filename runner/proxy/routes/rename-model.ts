import { locateMembers } from "../metering/top-level-members.ts";

/**
 * A JSON body with another model, every other byte as it came, so that what vendors cache of a
 * prompt stays cached. A body that names no model is left as it is.
 */
export function renameModel(body: Buffer, model: string): Buffer {
  const place = locateMembers(body, ["model"]).get("model");
  if (place === undefined) return body;
  const [start, end] = place;
  return Buffer.concat([
    body.subarray(0, start),
    Buffer.from(JSON.stringify(model)),
    body.subarray(end),
  ]);
}
