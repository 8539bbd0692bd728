import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";

import type { Sequence } from "../core/sequence.ts";
import { readOracle } from "../test-support/compare.ts";
import { drawAssignment, drawPermutedBlocks } from "./draw-assignment.ts";
import { williamsRows } from "./draw-williams.ts";
import { drawRunOrder } from "./run-order.ts";
import { drawIndex, openStream, shuffle, type Rng } from "./stream.ts";

interface GivenUniforms {
  readonly uniforms: readonly number[];
  readonly fisherYates: readonly { readonly n: number; readonly expected: readonly number[] }[];
  readonly permutedBlocks: readonly {
    readonly n: number;
    readonly blockSize: number;
    readonly expected: { readonly sequence: readonly Sequence[]; readonly uniformsUsed: number };
  }[];
  readonly williams: readonly {
    readonly arms: number;
    readonly rows: readonly (readonly number[])[];
  }[];
}

interface Streams {
  readonly readmeCheck: { readonly seed: string; readonly expected: readonly number[] };
  readonly numberSeedIsDifferent: { readonly string42: number; readonly number42: number };
  readonly cases: readonly {
    readonly rootSeed: string;
    readonly strata: Readonly<Record<string, readonly string[]>>;
    readonly assign: Readonly<
      Record<
        string,
        {
          readonly blockSize: number;
          readonly uniforms: readonly number[];
          readonly assignment: Readonly<Record<string, Sequence>>;
        }
      >
    >;
    readonly order: { readonly uniforms: readonly number[]; readonly expected: readonly string[] };
    readonly bootstrap: {
      readonly n: number;
      readonly firstReplicatesZeroBased: readonly (readonly number[])[];
    };
    readonly williamsLabels: {
      readonly uniforms: readonly number[];
      readonly expected: readonly string[];
    };
    readonly sim: { readonly stream: string; readonly uniforms: readonly number[] };
  }[];
}

const given: GivenUniforms = readOracle("11-randomisation.json");
const streams: Streams = readOracle("15-prng-streams.json");

/** Deals given uniforms and counts them. */
function deal(uniforms: readonly number[]): { readonly rng: Rng; readonly used: () => number } {
  let used = 0;
  const rng = () => {
    used += 1;
    return uniforms[used - 1] ?? 0;
  };
  return { rng, used: () => used };
}

describe("randomisation from given uniforms", () => {
  it.each(given.fisherYates)("shuffles $n values as R does", ({ n, expected }) => {
    const values = Array.from({ length: n }, (_, index) => index);
    expect(shuffle(values, deal(given.uniforms).rng)).toEqual(expected);
  });

  it.each(given.permutedBlocks)("draws $n sequences in blocks of $blockSize", (oracleCase) => {
    const { rng, used } = deal(given.uniforms);
    const { n, blockSize, expected } = oracleCase;
    expect(drawPermutedBlocks({ count: n, blockSize }, rng)).toEqual(expected.sequence);
    expect(used()).toBe(expected.uniformsUsed);
  });

  it.each(given.williams)("builds the Williams design for $arms arms", ({ arms, rows }) => {
    expect(williamsRows(arms)).toEqual(rows);
  });
});

describe("named streams", () => {
  it("agree with the generator's own documentation", () => {
    const rng = seedrandom(streams.readmeCheck.seed);
    expect([rng(), rng()]).toEqual(streams.readmeCheck.expected);
    expect(seedrandom("42")()).toBe(streams.numberSeedIsDifferent.string42);
  });

  it.each(streams.cases)("of seed $rootSeed assign as recorded", ({ rootSeed, strata, assign }) => {
    const features = Object.entries(strata).flatMap(([stratum, ids]) =>
      ids.map((feature) => ({ feature, stratum })),
    );
    const drawn = drawAssignment({ rootSeed, features });
    for (const [stratum, { assignment, uniforms }] of Object.entries(assign)) {
      const own = drawn.filter((pair) => pair.stratum === stratum);
      expect(Object.fromEntries(own.map((pair) => [pair.feature, pair.sequence]))).toEqual(
        assignment,
      );
      const rng = openStream(rootSeed, `assign|${stratum}`);
      expect(uniforms.map(() => rng())).toEqual(uniforms);
    }
  });

  it.each(streams.cases)("of seed $rootSeed order and index as recorded", (oracleCase) => {
    const { rootSeed, strata, order, bootstrap, williamsLabels, sim } = oracleCase;
    expect(drawRunOrder({ rootSeed, features: Object.values(strata).flat() })).toEqual(
      order.expected,
    );
    const indices = openStream(rootSeed, "bootstrap|latency_p95");
    expect(
      bootstrap.firstReplicatesZeroBased.map((row) =>
        row.map(() => drawIndex(indices, bootstrap.n)),
      ),
    ).toEqual(bootstrap.firstReplicatesZeroBased);
    expect(shuffle(["A", "B", "C"], openStream(rootSeed, "williams|labels"))).toEqual(
      williamsLabels.expected,
    );
    const simulated = openStream(rootSeed, "sim|demo|0");
    expect(sim.uniforms.map(() => simulated())).toEqual(sim.uniforms);
  });
});
