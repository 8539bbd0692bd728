/** Each kind of strike, and whom it hits. */
export const DEEDS = [
  "workers killed",
  "coordinators killed",
  "servers killed",
  "workers paused",
  "coordinators paused",
  "servers paused",
  "workers told to end",
  "coordinators interrupted",
  "connections cut",
] as const;
export type Deed = (typeof DEEDS)[number];

export interface StormPlan {
  readonly seed: number;
  /** How often each deed is done. */
  readonly deeds: Readonly<Record<Deed, number>>;
  /** After so many it is given up: for a hang. */
  readonly minutes: number;
  /** More settings of the server, e.g. `synchronous_commit = off`. */
  readonly settings: readonly string[];
  /** A file that gets what everybody says, if a storm has to be understood. */
  readonly trace: string | undefined;
}

/** A few minutes on two cores. */
const USUAL = "6,5,4";
const MINUTES = "30";
const EXPECTED = "expected the workers, coordinators and servers to kill, e.g. 39,32,24";

/** Reads the plan from the variables of a test. */
export function readStormPlan(variables: Readonly<Record<string, string | undefined>>): StormPlan {
  const text = variables["STORE_STORM_KILLS"] ?? USUAL;
  const [workers = NaN, coordinators = NaN, servers = NaN] = text.split(",").map(Number);
  if (![workers, coordinators, servers].every(Number.isInteger)) {
    throw new RangeError(`STORE_STORM_KILLS: ${EXPECTED}, got ${text}.`);
  }
  return {
    seed: Number(variables["STORE_STORM_SEED"] ?? "1"),
    minutes: Number(variables["STORE_STORM_MINUTES"] ?? MINUTES),
    settings: variables["STORE_STORM_SETTINGS"]?.split(";") ?? [],
    trace: variables["STORE_STORM_TRACE"],
    deeds: {
      "workers killed": workers,
      "coordinators killed": coordinators,
      "servers killed": servers,
      "workers paused": aThird(workers),
      "coordinators paused": aThird(coordinators),
      "servers paused": aThird(servers),
      "workers told to end": aThird(workers),
      "coordinators interrupted": aThird(coordinators),
      "connections cut": aThird(workers + coordinators),
    },
  };
}

function aThird(kills: number): number {
  return Math.ceil(kills / 3);
}
