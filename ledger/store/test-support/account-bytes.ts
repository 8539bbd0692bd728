import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const TRAILER = /,"h":"(?<h>[\w-]{43})"\}$/;
const ROWS_NAME = /^[a-z_]+(\.\d{6,})?\.jsonl$/;
const QUARANTINED_NAME =
  /^(?<file>[a-z_]+)\.(?<segment>\d+)\.(?<offset>\d+)\.(?<sha256>[0-9a-f]{64})$/;

/**
 * Reads every byte of a ledger's files by the format's description, without any code of the store.
 * @returns the bytes that are neither a valid row nor a torn tail that an anomaly names.
 */
export function unaccountedBytes(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => ROWS_NAME.test(name));
  const lines = names.flatMap((name) =>
    linesOf(join(folder, name)).map((line) => ({ name, line })),
  );
  const strange = lines.filter(({ line }) => !isTrue(line));
  const quarantine = join(folder, "quarantine");
  const kept = existsSync(quarantine) ? readdirSync(quarantine) : [];
  // A kill leaves the draft of a copy, whose bytes were then copied again.
  const copies = kept.filter((name) => !name.endsWith(".part"));
  return [
    ...strange.map(({ name, line }) => `${name}: ${line.subarray(0, 100).toString()}`),
    ...unmatched(
      copies.map((name) => describeCopy(quarantine, name)),
      lines
        .filter(({ name }) => name.startsWith("anomalies."))
        .flatMap(({ line }) => describeAnomaly(line)),
    ),
  ];
}

/** A file's lines. Bytes after its last newline form one too, which no hash can match. */
function linesOf(path: string): readonly Buffer[] {
  const bytes = readFileSync(path);
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(0x0a, from);
    lines.push(bytes.subarray(from, newline === -1 ? bytes.length : newline));
    if (newline === -1) lines.push(Buffer.from("no newline at the end"));
    from = newline === -1 ? bytes.length : newline + 1;
  }
  return lines;
}

function isTrue(line: Buffer): boolean {
  const h = TRAILER.exec(line.toString("latin1", Math.max(0, line.length - 51)))?.groups?.["h"];
  return createHash("sha256").update(line.subarray(0, -51)).digest("base64url") === h;
}

function describeCopy(quarantine: string, name: string): string {
  const { file, segment, offset } = QUARANTINED_NAME.exec(name)?.groups ?? {};
  const bytes = readFileSync(join(quarantine, name));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return [`${file}.jsonl`, segment, offset, bytes.length, sha256].join(" ");
}

function describeAnomaly(line: Buffer): readonly string[] {
  const { kind, touches, observed } = JSON.parse(line.toString());
  if (kind !== "torn-tail") return [];
  const { segment, offset, bytes, sha256 } = observed;
  return [[...touches, segment, offset, bytes, sha256].join(" ")];
}

/** Entries that are on one side only, or more often on one side. */
function unmatched(copies: readonly string[], anomalies: readonly string[]): readonly string[] {
  const all = [...new Set([...copies, ...anomalies])];
  return all.filter((one) => countOf(copies, one) !== 1 || countOf(anomalies, one) !== 1);
}

function countOf(all: readonly string[], one: string): number {
  return all.filter((other) => other === one).length;
}
