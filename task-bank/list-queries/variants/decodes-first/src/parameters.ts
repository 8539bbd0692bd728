/** The parameters of a query string in their order, name and value, still encoded. */
export function parametersOf(query: string): [name: string, value: string][] {
  const parts = query.replace(/^\?/, "").split("&");
  return parts
    .filter((part) => part !== "")
    .map((part) => {
      const [name, ...values] = part.split("=");
      return [name, values.join("=")];
    });
}

/** Text without its encoding, or nothing if that is broken. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
