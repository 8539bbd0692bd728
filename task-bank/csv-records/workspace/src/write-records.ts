/** A text with one record a line. Its records have a field at least. */
export function writeRecords(records: string[][]): string {
  return records.map((fields) => `${fields.map(writeField).join(",")}\n`).join("");
}

/** A field in quotes if it would be read as something else without them. */
function writeField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
