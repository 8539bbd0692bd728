import { XMLBuilder } from "fast-xml-parser";

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

/** Suites as JUnit XML, as CI servers read it. */
export function renderJunit(name: string, suites: readonly JunitSuite[]): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
  });
  const xml: string = builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: { "@name": clean(name), testsuite: suites.map(suiteNode) },
  });
  return xml;
}

function suiteNode({ name, cases }: JunitSuite) {
  const count = (kind: CaseEnd["kind"]) =>
    String(cases.filter(({ end }) => end.kind === kind).length);
  return {
    "@name": clean(name),
    "@tests": String(cases.length),
    "@failures": count("failure"),
    "@errors": "0",
    "@skipped": count("skipped"),
    testcase: cases.map(caseNode),
  };
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
