import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const PackageFile = z.looseObject({
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});

const PACKAGE = /^(?<folder>.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//u;

/** What a program needs to run, as absolute paths. */
export interface Installation {
  readonly readable: readonly string[];
  /** Links, each with the path that it leads to. */
  readonly links: Readonly<Record<string, string>>;
}

/**
 * The installation of a command: the npm package that has it, with the packages that this one needs, each
 * in its own folder. A command that belongs to no package is one file.
 */
export function installationOf(executable: string): Installation {
  const file = realpathSync(executable);
  const found = new Packages();
  const folder = PACKAGE.exec(file)?.groups?.["folder"];
  if (folder !== undefined) found.add(folder);
  const own = file === executable ? {} : { [executable]: file };
  return {
    readable: folder === undefined ? [file] : [...found.folders],
    links: { ...own, ...Object.fromEntries(found.links) },
  };
}

const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*"(?<name>[^"]+)"/gu;
const TYPES = /\b(?:import|export) type\b[^;]*;/gu;

/** The files of a module of this product: those that it imports, directly or not, and whole packages. */
export function installationOfModule(entry: string): Installation {
  const files = new Set<string>();
  const found = new Packages();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) open.push(path.resolve(path.dirname(file), name));
      else if (!name.startsWith("node:")) found.find(nameOf(name), path.dirname(file));
    }
  }
  // Node looks here for the kind of the modules.
  const kinds = new Set([...files].flatMap((file) => nearest("package.json", file) ?? []));
  const readable = [...files, ...kinds, ...found.folders];
  return { readable, links: Object.fromEntries(found.links) };
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8").replaceAll(TYPES, "");
  return [...text.matchAll(IMPORT)].flatMap(({ groups }) => groups?.["name"] ?? []);
}

/** The package's name, without the path in it. */
function nameOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Folders of npm packages, and the links by which some package managers let Node find them. */
class Packages {
  readonly folders = new Set<string>();
  readonly links = new Map<string, string>();

  /** Adds a package and all that it needs. */
  add(folder: string): void {
    if (this.folders.has(folder)) return;
    this.folders.add(folder);
    const file = path.join(folder, "package.json");
    if (!existsSync(file)) return;
    const { dependencies, optionalDependencies, peerDependencies } = PackageFile.parse(
      JSON.parse(readFileSync(file, "utf8")),
    );
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    })) {
      this.find(name, folder);
    }
  }

  /** Looks for a package where Node does. An optional one may be absent. */
  find(name: string, from: string): void {
    const place = nearest(path.join("node_modules", name), path.join(from, "file"));
    if (place === undefined) return;
    const folder = realpathSync(place);
    if (folder !== place) this.links.set(place, folder);
    this.add(folder);
  }
}

function nearest(name: string, file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, name);
    if (existsSync(candidate)) return candidate;
    if (folder === path.dirname(folder)) return undefined;
  }
}
