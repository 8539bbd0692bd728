/** Minor schema versions of the records whose fields or figures have changed since 1.0. */
const MINORS: Readonly<Record<string, number>> = {
  /** 1.1: `kind` may be `unmetered`, and `dialect` may be `gemini`. 1.2: a row may count several requests. */
  request_proxied: 2,
  /**
   * 1.1: `requests.errors` counts answers that broke off, `requests.abandoned` is there. 1.2: `quality` is
   * the mean of `quality_visible` and `quality_held_out`.
   */
  window_finalized: 2,
  /** `error_rate` counts answers that broke off; `p50` and `p95` are type-7 quantiles. */
  window_traffic_summed: 1,
};

/** The schema version of the rows that this program writes. */
export function schemaVersionOf(record: string): string {
  return `1.${String(MINORS[record] ?? 0)}`;
}

/** Whether this program, or an earlier version of it, writes rows of this record and version. */
export function isOwnSchema(record: string, version: unknown): boolean {
  const minor = /^1\.(\d+)$/u.exec(String(version))?.[1];
  return minor !== undefined && Number(minor) <= (MINORS[record] ?? 0);
}
