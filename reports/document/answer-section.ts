import type { Answer } from "../report/answer-data.ts";
import { answerQuestions } from "../report/answer-questions.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { formatCount } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { figuresOf, leadOf, listOf, notAvailable, textOf } from "./parts.ts";

/** Which is cheaper, by how much, is it as good, what is missing, and what next. */
export function answerSection({ answers }: ReportData): Section {
  const isSeveral = answers.length > 1;
  return {
    id: "answer",
    title: "The answer",
    method: METHOD.answer,
    blocks: [
      ...(answers.length === 0 ? [leadOf("No candidate is compared with a baseline.")] : []),
      ...(isSeveral ? [] : answers.flatMap(answerBlocks)),
    ],
    ...(isSeveral ? { parts: answers.map(answerPart) } : {}),
  };
}

function answerPart(answer: Answer, index: number): Section {
  const { candidate } = answer;
  return {
    id: `answer-${index + 1}`,
    title: candidate,
    about: candidate,
    blocks: answerBlocks(answer),
  };
}

function answerBlocks(answer: Answer): readonly Block[] {
  const [first, ...others] = answerQuestions(answer);
  const [lead = answer.sentence, ...more] = first?.texts ?? [];
  return [
    leadOf(lead),
    ...more.map(textOf),
    ...listOf(others.map(({ question, texts }) => `${question} ${texts.join(" ")}`)),
  ];
}

/** What it would take to decide, in numbers. */
export function effortFigures({ candidate, more_tasks, more_usd, more_tokens }: Answer): Block {
  const why = "decided, not known, or more than 500 tasks";
  const amounts = [
    more_usd === null ? notAvailable("a price is unknown") : costText(more_usd, "usd"),
    ...(more_tokens === null ? [] : [`${formatCount(more_tokens)} tokens`]),
  ];
  return figuresOf(METHOD.answer, [
    {
      name: `More tasks to decide about ${candidate}`,
      value: more_tasks === null ? notAvailable(why) : String(more_tasks),
      number: more_tasks,
      meaning: "Tasks that would decide if they turn out like those so far.",
    },
    {
      name: `What they would cost for ${candidate}`,
      value: more_tasks === null ? notAvailable(why) : amounts.join("; "),
      number: more_usd,
      meaning: "What both providers would take for them.",
    },
  ]);
}
