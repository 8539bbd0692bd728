const HEADER = "feature,replicate,provider,period,cost,quality,errors,requests,latencies_ms";

/** A record of a file of windows, as JSON has it. */
export interface SampleWindow {
  readonly feature: string;
  readonly replicate: number;
  readonly provider: string;
  readonly period: number;
  readonly cost: number;
  readonly quality: number;
  readonly errors: number;
  readonly requests: number;
  readonly latencies_ms: readonly number[];
}

/** Pairs in which the candidate needs a third, with a little spread; always the same. */
export function cheapPairs(pairs: number): readonly SampleWindow[] {
  return Array.from({ length: pairs }, (_, index) => index).flatMap((index) =>
    ["claude", "glm"].map((provider, arm) => ({
      feature: `f${String(index + 1)}`,
      replicate: 1,
      provider,
      period: (index + arm) % 2 === 0 ? 1 : 2,
      cost: (arm === 0 ? 60_000 : 20_000) + 400 * ((index * 7 + arm * 3) % 11),
      quality: (index + arm) % 5 === 0 ? 0.9 : 1,
      errors: 0,
      requests: 4,
      latencies_ms: [500, 600, 700 + 10 * index, 800 + 20 * arm],
    })),
  );
}

export function toCsv(windows: readonly SampleWindow[]): string {
  const lines = windows.map(({ latencies_ms, ...window }) =>
    [...Object.values(window), latencies_ms.join(" ")].join(","),
  );
  return [HEADER, ...lines, ""].join("\n");
}

/** `AB 200 100, BA 300 -`: order, cost of provider a, cost of provider b; `-` is a missing window. */
export function pairsToCsv(text: string): string {
  const lines = text.split(", ").flatMap((pair, index) => {
    const [order = "", ...costs] = pair.split(" ");
    return costs.flatMap((cost, arm) => {
      const period = order.indexOf("AB"[arm] ?? "") + 1;
      const provider = "ab"[arm] ?? "";
      return cost === "-" ? [] : [`f${String(index + 1)},1,${provider},${String(period)},${cost}`];
    });
  });
  return ["feature,replicate,provider,period,cost", ...lines, ""].join("\n");
}
