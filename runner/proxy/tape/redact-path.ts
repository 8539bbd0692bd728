import { maySayCredential } from "./secret-names.ts";

interface Part {
  /** As it is written, with its `=`. */
  readonly name: string;
  readonly value: string;
}

/** A path whose query has no value that may be a credential, e.g. of `?key=`; all else as it is written. */
export function redactPath(path: string): string {
  const { before, parts } = read(path);
  const kept = parts.map(
    ({ name, value }) => name + (isSecret({ name, value }) ? "[redacted]" : value),
  );
  return before + kept.join("&");
}

/** What is taken out, as it is written and as it is meant: others may quote it. */
export function secretsInPath(path: string): readonly string[] {
  const values = read(path).parts.filter(isSecret);
  return values.flatMap(({ value }) => [value, decoded(value)]);
}

function read(path: string): { readonly before: string; readonly parts: readonly Part[] } {
  const start = path.indexOf("?") + 1;
  if (start === 0) return { before: path, parts: [] };
  const parts = path
    .slice(start)
    .split("&")
    .map((part) => {
      const end = part.indexOf("=") + 1;
      return { name: part.slice(0, end), value: part.slice(end) };
    });
  return { before: path.slice(0, start), parts };
}

function isSecret({ name, value }: Part): boolean {
  return value !== "" && maySayCredential(decoded(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
