import type { ClientBase } from "pg";

/** What a server says about how it keeps commits. */
export interface Durability {
  /** As sessions begin; the program's own commit with `on` where it is `off`. */
  readonly synchronousCommit: string;
  /** Settings that are off, though a crash of the server's machine then loses or damages rows. */
  readonly risks: readonly { readonly setting: string; readonly risk: string }[];
}

const RISKS: Readonly<Record<string, string>> = {
  fsync:
    "a crash of the server's machine may lose acknowledged rows, and damage the whole database",
  full_page_writes: "a crash of the server's machine may damage rows that were kept long ago",
};

export async function readDurability(client: ClientBase): Promise<Durability> {
  const { rows } = await client.query<{ name: string; reset_val: string }>(
    "select name, reset_val from pg_settings where name in ('synchronous_commit', 'fsync', 'full_page_writes') order by name",
  );
  const off = rows.filter(({ reset_val: value }) => value === "off").map(({ name }) => name);
  const commits = rows.find(({ name }) => name === "synchronous_commit");
  return {
    synchronousCommit: commits?.reset_val ?? "unknown",
    risks: off.flatMap((setting) => {
      const risk = RISKS[setting];
      return risk === undefined ? [] : [{ setting, risk }];
    }),
  };
}

/** One sentence for each risk, for people. */
export function sayRisks({ risks }: Durability): readonly string[] {
  return risks.map(
    ({ setting, risk }) => `The store's server runs with ${setting} = off: ${risk}. Switch it on.`,
  );
}
