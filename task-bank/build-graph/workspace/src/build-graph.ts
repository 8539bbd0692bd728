import { readBuildFile } from "./build-file.ts";

export class BuildGraph {
  constructor(file: string) {
    throw new Error(`not built yet: a graph of ${readBuildFile(file).length} targets`);
  }

  set(_target: string, _needs: readonly string[]): void {
    throw new Error("not built yet");
  }

  order(): string[] {
    throw new Error("not built yet");
  }

  cycle(): string[] | null {
    throw new Error("not built yet");
  }

  rebuild(_changed: readonly string[], _same?: readonly string[]): string[] {
    throw new Error("not built yet");
  }
}
