import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./support/world.ts";

Given(
  "a calendar with the events {string} and {string}",
  function (this: ExperimentWorld, planning: string, other: string) {
    const times = "DTSTART:20261026T100000Z\r\nDTEND:20261026T150000Z";
    const events = [planning, other].map(
      (summary) => `BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:${summary}\r\n${times}\r\nEND:VEVENT`,
    );
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", ...events, "END:VCALENDAR"];
    this.write("calendar.ics", `${lines.join("\r\n")}\r\n`);
  },
);

Then("the plan {string} says:", function (this: ExperimentWorld, file: string, text: string) {
  assert.equal(this.read(file), `${text}\n`);
});

Then(
  "the plan {string} has the line {string}",
  function (this: ExperimentWorld, file: string, line: string) {
    assert.ok(this.read(file).split("\n").includes(line), this.read(file));
  },
);
