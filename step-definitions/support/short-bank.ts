import { cpSync } from "node:fs";
import path from "node:path";

import { REHEARSAL_TASKS } from "../../runner/plan/config/rehearsal-configuration.ts";
import { keepCopy } from "./keep-once.ts";
import { BUILTIN_BANK } from "./own-bank.ts";
import { shortenBank } from "./shorten-bank.ts";

/** The rehearsal's part of the built-in bank, shortened. */
export function shortBank(): string {
  return keepCopy("short-bank", (bank) => {
    for (const task of REHEARSAL_TASKS) {
      cpSync(path.join(BUILTIN_BANK, task), path.join(bank, task), { recursive: true });
    }
    shortenBank(bank);
  });
}
