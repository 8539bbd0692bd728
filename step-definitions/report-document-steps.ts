import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { buildDocument } from "../reports/document/build-document.ts";
import type { ReportDocument } from "../reports/document/document.ts";
import {
  conflictsIn,
  namedValues,
  unexplainedIn,
  unreasonedIn,
  vagueIntervalsIn,
} from "../reports/document/test-support/walk-document.ts";
import { unexplainedInMarkdown } from "../reports/format/test-support/unexplained-markdown.ts";
import { picturesOf } from "../reports/pictures/pictures-of.ts";
import { answerQuestions } from "../reports/report/answer-questions.ts";
import { ReportData } from "../reports/report/report-data.ts";
import { escapeMarkdown } from "../reports/text/markdown.ts";
import { anchorsOf } from "./documents/read-links.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { reportFolder, reportJson, reportText } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

function reportOf(world: ExperimentWorld): ReportData {
  return ReportData.parse(JSON.parse(reportJson(world)));
}

function documentOf(world: ExperimentWorld): ReportDocument {
  const report = reportOf(world);
  return buildDocument(report, picturesOf(report));
}

Then(
  "the first {int} lines of the report have the answers of its JSON",
  function (this: ExperimentWorld, lines: number) {
    const screen = reportText(this).split("\n").slice(0, lines).join("\n");
    for (const answer of atLeastOne(reportOf(this).answers)) {
      const answered = answerQuestions(answer);
      assert.equal(answered.length, 5);
      for (const { question, texts } of answered) {
        for (const text of texts) {
          assert.ok(screen.includes(escapeMarkdown(text)), `${question} ${text}\n${screen}`);
        }
      }
    }
  },
);

Then(
  "every figure of the report has a meaning and a heading of the method page",
  function (this: ExperimentWorld) {
    const document = documentOf(this);
    assert.ok(namedValues(document).length > 100);
    assert.deepEqual(unexplainedIn(document), []);
  },
);

Then(
  "every table and figure of the Markdown is explained, with a heading of the method page",
  function (this: ExperimentWorld) {
    const text = reportText(this);
    assert.ok(text.split("\n").filter((line) => line.startsWith("| :-")).length > 15);
    assert.deepEqual(unexplainedInMarkdown(text), []);
  },
);

Then("every missing figure says why", function (this: ExperimentWorld) {
  assert.deepEqual(unreasonedIn(documentOf(this)), []);
});

Then(
  "every interval of the report says its level and when it holds, and each heading that it links is in the method page",
  function (this: ExperimentWorld) {
    assertIntervals(this);
    assertLinks(this);
  },
);

function assertIntervals(world: ExperimentWorld): void {
  assert.deepEqual(vagueIntervalsIn(documentOf(world)), []);
}

function assertLinks(world: ExperimentWorld): void {
  const anchors = anchorsOf(world.read(`${reportFolder(world)}/method.md`));
  const links = [...reportText(world).matchAll(/\(method\.md#([^)]+)\)/gu)].map(
    ([, anchor = ""]) => anchor,
  );
  for (const link of atLeastOne(links)) assert.ok(anchors.has(link), link);
}

Then("no figure of the report has two values", function (this: ExperimentWorld) {
  assert.deepEqual(conflictsIn(documentOf(this)), []);
});

Then(
  "every p-value of its {word} has four decimals",
  function (this: ExperimentWorld, place: "output" | "report") {
    const text = place === "output" ? this.last.stdout : reportText(this);
    const found = text.replaceAll(/\s+/gu, " ").match(/\bp [=<>≈] ?[\d.e+-]*\d/gu) ?? [];
    const odd = atLeastOne(found).filter((p) => !/^(?:p = [01]\.\d{4}|p < 0\.0001)$/u.test(p));
    assert.deepEqual(odd, []);
  },
);
