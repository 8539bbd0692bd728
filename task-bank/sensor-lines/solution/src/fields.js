const ESCAPES = new Map([
  ["\\n", "\n"],
  ["\\\\", "\\"],
  ["\\,", ","],
  ["\\=", "="],
]);

/** The fields of a line as pairs, or the line's fault. */
export function readFields(text) {
  const fields = [[""]];
  for (const [sign] of text.matchAll(/\\.?|[^]/gsu)) {
    const field = fields.at(-1);
    const meant = sign.startsWith("\\") ? ESCAPES.get(sign) : sign;
    if (meant === undefined) return { fault: "bad escape" };
    if (sign === ",") fields.push([""]);
    else if (sign === "=" && field.length === 1) field.push("");
    else field.push(field.pop() + meant);
  }
  for (const [key, value] of fields) {
    if (value === undefined) return { fault: "no value" };
    if (key === "") return { fault: "no key" };
  }
  return { fields };
}
