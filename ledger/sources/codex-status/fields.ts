/** One `label: value` of a pane; a value that was wrapped is whole again. */
export interface Field {
  readonly label: string;
  readonly value: string;
  /** The line with Codex's name, with which a pane starts. */
  readonly isHeader: boolean;
}

const WRAPPED_LINES_MAX = 3;
const LABEL = /^([A-Za-z0-9][^:]*):(?:\s+(.*))?$/u;
const HEADER = /OpenAI Codex\b/u;
/** Without letters or digits: the frame, or a bar that was wrapped alone. */
const RULE = /^[╭╮╰╯─┌┐└┘\s]*$/u;

/** Cuts a pane into its fields. A line without a label continues the field before it. */
export function splitFields(lines: readonly string[]): readonly Field[] {
  const fields: { label: string; values: string[]; isHeader: boolean; isOpen: boolean }[] = [];
  for (const line of lines) {
    const open = fields.at(-1);
    const [, label, value = ""] = LABEL.exec(line) ?? [];
    if (HEADER.test(line)) {
      fields.push({ label: "", values: [], isHeader: true, isOpen: false });
    } else if (label !== undefined) {
      fields.push({ label: label.trim(), values: [value], isHeader: false, isOpen: true });
    } else if (RULE.test(line)) {
      if (open !== undefined) open.isOpen = false;
    } else if (open !== undefined && open.isOpen && open.values.length <= WRAPPED_LINES_MAX) {
      open.values.push(line);
    }
  }
  return fields.map(({ label, values, isHeader }) => ({
    label,
    value: values.join(" ").trim(),
    isHeader,
  }));
}
