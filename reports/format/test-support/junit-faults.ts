import { readFileSync } from "node:fs";

import { XmlDocument, XsdValidator } from "libxml2-wasm";

/** The schema by which Jenkins reads JUnit files; it contains its licence. */
const SCHEMA = "reports/format/test-support/junit-10.xsd";

/** What a real XML parser and the schema find wrong; empty if nothing is. */
export function junitFaults(xml: string): readonly string[] {
  const schema = XmlDocument.fromString(readFileSync(SCHEMA, "utf8"));
  try {
    const document = XmlDocument.fromString(xml);
    const validator = XsdValidator.fromDoc(schema);
    try {
      validator.validate(document);
      return [];
    } finally {
      validator.dispose();
      document.dispose();
    }
  } catch (error) {
    return [String(error)];
  } finally {
    schema.dispose();
  }
}
