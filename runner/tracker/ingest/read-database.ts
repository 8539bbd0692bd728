import { closeSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const MAGIC = Buffer.from("SQLite format 3\0");

/** Whether a file is a database of SQLite, as opencode keeps its sessions in one. */
export function isDatabase(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(MAGIC.length);
    readSync(descriptor, bytes);
    return bytes.equals(MAGIC);
  } finally {
    closeSync(descriptor);
  }
}

/** The data of a message is JSON already. */
const MESSAGES = `select json_object('id', message.id, 'session_id', session_id, 'parent_id', parent_id,
  'data', json(data)) as line from message join session on session.id = session_id order by message.id`;

/** The messages in opencode's database, as the lines of a log. opencode may be writing meanwhile. */
export function* messagesIn(file: string): Generator<Buffer> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    for (const { line } of database.prepare(MESSAGES).iterate())
      yield Buffer.from(`${String(line)}\n`);
  } finally {
    database.close();
  }
}
