/** What the data say about a criterion at a stated error rate. */
export type Finding = "confirmed" | "contradicted" | "inconclusive";

/** What one look says about each criterion. */
export interface LookCriteria {
  readonly cost: {
    /** The literal acceptance criterion. */
    readonly point: boolean;
    readonly fixed: Finding;
    readonly anytime: Finding;
    readonly sign: Finding;
  };
  readonly quality: {
    readonly point: boolean;
    readonly fixed: Finding;
    readonly anytime: Finding;
  };
  readonly errors: { readonly point: boolean; readonly fixed: Finding };
  readonly latency: { readonly point: boolean; readonly fixed: Finding };
  /** Deterministic tests that pass under the baseline and fail under the candidate. */
  readonly deterministicRegressions: number;
}

/** One look at one candidate, as far as gates are concerned. `null`: not available. */
export interface Look {
  /** Hash of the data looked at: looks with the same one are the same look. */
  readonly fingerprint: string;
  readonly nPairs: number;
  /** Valid windows of the baseline and of the candidate. */
  readonly windowsA: number;
  readonly windowsB: number;
  /** Relative width of the 95 % interval of the cross-over cost ratio. */
  readonly ciWidth: number | null;
  readonly zeroVariance: boolean;
  /** Whether a pair that the look counts has a capped window. */
  readonly capped?: boolean;
  readonly power: number | null;
  readonly qualityRatio: number | null;
  readonly criteria: LookCriteria;
}
