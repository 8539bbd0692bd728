import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
const MS_PER_SECOND = 1000;
/** Fields of /proc/<pid>/stat after the name in brackets, in ticks. */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;
const KIB_PER_MIB = 1024;

/** CPU that a process has taken so far, user and system, ms. */
export function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (
    ((Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND) * MS_PER_SECOND
  );
}

/** The most memory that a process has had, and what it has now, MiB. */
export function memoryMiBOf(pid: number): { readonly peak: number; readonly now: number } {
  const text = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(String.raw`${name}:\s+(\d+)`).exec(text)?.[1]) / KIB_PER_MIB;
  return { peak: field("VmHWM"), now: field("VmRSS") };
}
