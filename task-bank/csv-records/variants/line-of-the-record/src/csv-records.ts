export function readRecords(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let position = 0;
  let line = 1;
  let ends = 0;
  while (position < text.length || fields.length > 0) {
    const field = text[position] === '"' ? readQuoted(text, position, line) : readPlain(text, position);
    fields.push(field.value);
    position = field.end;
    ends += text.slice(field.start, field.end).split("\n").length - 1;
    if (text[position] === ",") {
      position += 1;
      continue;
    }
    records.push(fields);
    fields = [];
    position += text.startsWith("\r\n", position) ? 2 : 1;
    line += 1 + ends;
    ends = 0;
  }
  return records;
}

interface Field {
  value: string;
  start: number;
  end: number;
}

function readPlain(text: string, start: number): Field {
  let end = start;
  while (end < text.length && !isFieldEnd(text, end)) end += 1;
  return { value: text.slice(start, end), start, end };
}

function readQuoted(text: string, start: number, line: number): Field {
  let value = "";
  for (let end = start + 1; end < text.length; end += 1) {
    if (text[end] !== '"') {
      value += text[end];
    } else if (text[end + 1] === '"') {
      value += '"';
      end += 1;
    } else if (end + 1 === text.length || isFieldEnd(text, end + 1)) {
      return { value, start, end: end + 1 };
    } else {
      throw new SyntaxError(`line ${line}: something follows the closing quote`);
    }
  }
  throw new SyntaxError(`line ${line}: a quote is never closed`);
}

function isFieldEnd(text: string, position: number): boolean {
  return text[position] === "," || text[position] === "\n" || text.startsWith("\r\n", position);
}
