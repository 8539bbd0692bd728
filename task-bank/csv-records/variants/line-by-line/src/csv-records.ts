export function readRecords(text: string): string[][] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, index) => readFields(line, index + 1));
}

function readFields(line: string, number: number): string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "," && !isQuoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  if (isQuoted) throw new SyntaxError(`line ${number}: a quote is never closed`);
  return [...fields, field];
}
