import { partsOf } from "./paths.ts";
import { type Segment, readPattern, takes } from "./pattern.ts";

export type Params = Record<string, string>;
export type Match =
  | { status: 200; route: string; params: Params }
  | { status: 405; allow: string[] }
  | { status: 400 | 404 };

interface Route {
  method: string;
  name: string;
  segments: Segment[];
  /** What routes have in common that can't be told apart. */
  shape: string;
  /** The ranks of the segments: the route whose text comes first is the most precise. */
  ranks: string;
}

export class Router {
  readonly #routes: Route[] = [];

  add(method: string, pattern: string, name: string): void {
    const segments = readPattern(pattern);
    const shape = [method, ...segments.map(({ rank, text }) => (rank === 0 ? text : `<${rank}>`))].join("/");
    if (this.#routes.some((route) => route.shape === shape || route.name === name)) throw new RangeError();
    const ranks = segments.map(({ rank }) => rank).join("");
    this.#routes.push({ method, name, segments, shape, ranks });
    this.#routes.sort((a, b) => (a.ranks < b.ranks ? -1 : 1));
  }

  match(method: string, path: string): Match {
    const parts = partsOf(path);
    if (parts === null) return { status: 400 };
    const routes = this.#routes.filter(({ segments }) => fits(segments, parts));
    const own = routes.find((route) => route.method === method);
    const route = method === "HEAD" ? (own ?? routes.find((other) => other.method === "GET")) : own;
    if (route !== undefined) return { status: 200, route: route.name, params: paramsOf(route.segments, parts) };
    if (routes.length === 0) return { status: 404 };
    const allow = routes.flatMap((other) => (other.method === "GET" ? ["GET", "HEAD"] : [other.method]));
    return { status: 405, allow: [...new Set(allow)].sort() };
  }

  link(name: string, params: Params): string {
    const route = this.#routes.find((other) => other.name === name);
    if (route === undefined) throw new RangeError();
    const parts = route.segments.flatMap(({ rank, text }) => {
      const value = rank === 0 ? text : Object.hasOwn(params, text) ? (params[text] as string) : "";
      return rank === 3 ? value.split("/") : [value];
    });
    if (!fits(route.segments, parts)) throw new RangeError();
    return `/${parts.join("/")}`;
  }
}

function fits(segments: readonly Segment[], parts: readonly string[]): boolean {
  const last = segments.at(-1);
  const isOpen = last?.rank === 3 && parts.length > segments.length;
  if (parts.length !== segments.length && !isOpen) return false;
  return parts.every((part, index) => takes((segments[index] ?? last) as Segment, part));
}

function paramsOf(segments: readonly Segment[], parts: readonly string[]): Params {
  const found = segments.map(({ rank, text }, index) => ({
    rank,
    entry: [text, rank === 3 ? parts.slice(index).join("/") : (parts[index] as string)] as const,
  }));
  return Object.fromEntries(found.filter(({ rank }) => rank > 0).map(({ entry }) => entry));
}
