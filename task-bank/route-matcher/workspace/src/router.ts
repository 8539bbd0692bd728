import { partsOf } from "./paths.ts";

export type Params = Record<string, string>;
export type Match =
  | { status: 200; route: string; params: Params }
  | { status: 405; allow: string[] }
  | { status: 400 | 404 };

export class Router {
  add(_method: string, _pattern: string, _name: string): void {
    throw new Error("not built yet");
  }

  match(_method: string, path: string): Match {
    throw new Error(`not built yet: ${partsOf(path)}`);
  }

  link(_name: string, _params: Params): string {
    throw new Error("not built yet");
  }
}
