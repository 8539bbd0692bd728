import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { atLeastOne } from "./support/at-least-one.ts";
import { debitsOf, reservationsOf } from "./support/ledger-figures.ts";
import { requestRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "the request that was in flight has a row of its own, {string}, in {word}",
  function (this: ExperimentWorld, error: string, window: string) {
    const rows = requestRows(this).filter((row) => row.error === error);
    assert.deepEqual(
      rows.map((row) => [row.window, row.attempt, row.status, row.usage]),
      [[window, 1, null, null]],
    );
  },
);

Then(
  "the reservation of that request is spent, marked as estimated",
  function (this: ExperimentWorld) {
    const estimated = debitsOf(this).filter(
      ({ is_estimated: isEstimated }) => isEstimated === true,
    );
    const [debit] = estimated;
    const reserved = reservationsOf(this).find((row) => row.reservation === debit?.reservation);
    assert.equal(estimated.length, 1);
    assert.ok(Number(debit?.total) > 0);
    assert.equal(debit?.total, reserved?.tokens);
  },
);

Then("no row is {string}", function (this: ExperimentWorld, error: string) {
  // A request in flight has a reservation and no row yet.
  atLeastOne(reservationsOf(this));
  assert.deepEqual(
    requestRows(this).filter((row) => row.error === error),
    [],
  );
});
