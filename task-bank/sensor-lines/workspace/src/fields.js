/** The fields of a line as pairs, or the line's fault. */
export function readFields(text) {
  const fields = [];
  for (const field of text.split(",")) {
    const [key, value] = field.split("=").map(unescape);
    if (value === undefined) return { fault: "no value" };
    fields.push([key, value]);
  }
  return { fields };
}

function unescape(text) {
  return text.replaceAll("\\n", "\n").replaceAll("\\,", ",").replaceAll("\\=", "=").replaceAll("\\\\", "\\");
}
