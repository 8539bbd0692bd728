import { XMLBuilder } from "fast-xml-parser";

import type { NamedLedger } from "../evidence/named-ledger.ts";

/** How a test case ended. Its message is one line; its text may have several. */
export type CaseEnd =
  | { readonly kind: "passed" }
  | { readonly kind: "failure" | "skipped"; readonly message: string; readonly text?: string };

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly end: CaseEnd;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** What all suites of a document are about. */
export interface JunitDocument {
  readonly name: string;
  /** The ledger that its figures were made of. */
  readonly ledger: NamedLedger | null;
}

/** Suites as JUnit XML, as CI servers read it. */
export function renderJunit(
  { name, ledger }: JunitDocument,
  suites: readonly JunitSuite[],
): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
  });
  const xml: string = builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": clean(name),
      testsuite: suites.map((suite) => suiteNode(suite, ledger)),
    },
  });
  return xml;
}

function suiteNode({ name, cases }: JunitSuite, ledger: NamedLedger | null) {
  const count = (kind: CaseEnd["kind"]) =>
    String(cases.filter(({ end }) => end.kind === kind).length);
  return {
    "@name": clean(name),
    "@tests": String(cases.length),
    "@failures": count("failure"),
    "@errors": "0",
    "@skipped": count("skipped"),
    ...(ledger === null ? {} : { properties: { property: propertiesOf(ledger) } }),
    testcase: cases.map(caseNode),
  };
}

/** CI servers show properties for each suite, and have no other place for them. */
function propertiesOf({ id, heads_sha256: sha256 }: NamedLedger) {
  return [
    { "@name": "ledger", "@value": clean(id) },
    { "@name": "heads_sha256", "@value": sha256 },
  ];
}

function caseNode({ classname, name, end }: JunitCase) {
  const place = { "@classname": clean(classname), "@name": clean(name) };
  if (end.kind === "passed") return place;
  const { kind, message, text } = end;
  return {
    ...place,
    [kind]: {
      "@message": clean(message),
      ...(text === undefined ? {} : { "#text": clean(text) }),
    },
  };
}

/** XML has no way to write most control characters and half of a surrogate pair; they become blanks. */
function clean(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\p{Cs}\uFFFE\uFFFF]/gu, " ");
}
