import { z } from "zod";

/** Whose requests come after one another in a recording. */
export const Lane = z.looseObject({
  window: z.string(),
  attempt: z.int().positive(),
  provider: z.string(),
  /** The folder that its agent's own ones are in; null where the proxy does not know it. */
  folder: z.string().nullable().default(null),
});
export type Lane = z.infer<typeof Lane>;

/** The header by which the proxy tells a replay, and nobody else, whose request it is. */
export const LANE_HEADER = "x-experiment-lane";

export function writeLane({ window, attempt, provider, folder }: Lane): string {
  return JSON.stringify({ window, attempt, provider, folder });
}

/** null where a request comes without a lane. */
export function readLane(header: string | string[] | undefined): Lane | null {
  if (typeof header !== "string") return null;
  try {
    return Lane.safeParse(JSON.parse(header)).data ?? null;
  } catch {
    return null;
  }
}

/** The same for every request of one attempt; null where nobody knows whose it is. */
export function laneName(lane: Lane | null): string | null {
  return lane && JSON.stringify([lane.window, lane.attempt, lane.provider]);
}
