import { cpSync } from "node:fs";

import { keepCopy } from "./keep-once.ts";
import { BUILTIN_BANK } from "./own-bank.ts";
import { shortenBank } from "./shorten-bank.ts";

/** The built-in bank, shortened. */
export function shortBank(): string {
  return keepCopy("short-bank", (bank) => {
    cpSync(BUILTIN_BANK, bank, { recursive: true });
    shortenBank(bank);
  });
}
