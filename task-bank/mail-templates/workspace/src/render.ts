import { escape, isTrue, lookUp, textOf } from "./values.ts";

export type Data = Record<string, unknown>;

export interface Template {
  render(data: Data): string;
  names(): string[];
}

export function compile(source: string): Template {
  throw new Error(`not built yet: ${source}`);
}

export function render(source: string, data: Data): string {
  const get = (path: string) => lookUp(data, path.trim().split("."));
  return source
    .replaceAll(/\{\{#if ([\w.]+)\}\}([^]*?)\{\{\/if\}\}/g, (_, path: string, block: string) => {
      const [then = "", otherwise = ""] = block.split("{{else}}");
      return isTrue(get(path)) ? then : otherwise;
    })
    .replaceAll(/\{\{\{([^}]*)\}\}\}/g, (_, path: string) => textOf(get(path)))
    .replaceAll(/\{\{([^}]*)\}\}/g, (_, path: string) => escape(textOf(get(path))));
}
