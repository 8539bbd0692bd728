import { describe, expect, test } from "vitest";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { RequestRows, UNSENT_ROWS_MAX } from "./request-rows.ts";

const REFUSED = { backend_provider: null, refused_by: "overall", status: 402 } as const;

function rowsOf(act: (rows: RequestRows) => void): readonly ProxiedRequest[] {
  const written: ProxiedRequest[] = [];
  const rows = new RequestRows((row) => written.push(row));
  act(rows);
  rows.flush();
  return written;
}

const countIn = (rows: readonly ProxiedRequest[]) =>
  rows.reduce((sum, { request_count: count = 1 }) => sum + count, 0);

function times(count: number, act: () => void): void {
  for (let nth = 0; nth < count; nth += 1) act();
}

describe("requests that were not sent on", () => {
  test("are counted to the last one, in few rows", () => {
    const written = rowsOf((rows) => times(100_000, () => rows.add(proxiedRequest(REFUSED))));
    expect(countIn(written)).toBe(100_000);
    expect(written.length).toBeLessThan(UNSENT_ROWS_MAX + 15);
    expect(written.slice(0, UNSENT_ROWS_MAX).every((row) => row.request_count === undefined)).toBe(
      true,
    );
  });

  test("share a row only if they ended alike", () => {
    const closed = { ...REFUSED, refused_by: "closed" };
    const large = { backend_provider: null, status: 413, error: "body_too_large" };
    const written = rowsOf((rows) => {
      times(UNSENT_ROWS_MAX, () => rows.add(proxiedRequest(REFUSED)));
      for (const ending of [REFUSED, closed, large, large]) rows.add(proxiedRequest(ending));
    }).slice(UNSENT_ROWS_MAX);
    expect(written).toMatchObject([
      { refused_by: "overall", request_count: 1 },
      { refused_by: "closed", request_count: 1 },
      { error: "body_too_large", request_count: 2 },
    ]);
  });

  test("of another attempt have rows of their own", () => {
    const written = rowsOf((rows) => {
      times(UNSENT_ROWS_MAX + 5, () => rows.add(proxiedRequest(REFUSED)));
      times(5, () => rows.add(proxiedRequest({ ...REFUSED, attempt: 2 })));
    });
    expect(written.filter(({ attempt }) => attempt === 2)).toHaveLength(5);
  });

  test("are at least half recorded when the harness is killed", () => {
    const written: ProxiedRequest[] = [];
    const rows = new RequestRows((row) => written.push(row));
    times(5000, () => rows.add(proxiedRequest(REFUSED)));
    expect(countIn(written)).toBeGreaterThan(2500);
  });
});

test("each request that was sent on has a row", () => {
  const written = rowsOf((rows) =>
    times(1000, () => rows.add(proxiedRequest({ backend_provider: "vendor" }))),
  );
  expect(written).toHaveLength(1000);
});
