import { redactBytes, redactText } from "./redact.ts";
import { spellingsOf } from "./secret-spellings.ts";

/** Secrets by how surely they are some. */
export interface SecretTexts {
  /** Only secrets look like this. They are overwritten everywhere, even in the work. */
  readonly sure: readonly string[];
  /** They may be words that work and rows have for other reasons. They are overwritten in output only. */
  readonly likely: readonly string[];
}

/** Secrets that are known for a time. */
export interface HeldSecrets {
  add(secrets: readonly string[]): void;
  release(): void;
}

const PART_CHARACTERS = 8;
const ENDS = [
  (secret: string) => secret.slice(0, PART_CHARACTERS),
  (secret: string) => secret.slice(-PART_CHARACTERS),
];

/** All secrets that a session holds: those that it began with, and those of the attempts that are open. */
export class KnownSecrets {
  readonly #likely: readonly string[];
  readonly #sure: readonly string[];
  readonly #held = new Set<Set<string>>();
  #spelled: readonly string[] | null = null;

  constructor({ sure, likely }: SecretTexts) {
    this.#sure = sure;
    this.#likely = spellingsOf(likely);
  }

  /** For the time of an attempt. */
  hold(): HeldSecrets {
    const own = new Set<string>();
    this.#held.add(own);
    return {
      add: (secrets) => {
        for (const secret of secrets) own.add(secret);
        this.#spelled = null;
      },
      release: () => {
        this.#held.delete(own);
        this.#spelled = null;
      },
    };
  }

  /** What output must not hold, in every spelling. */
  inOutput(): readonly string[] {
    return [...this.#sureSpelled(), ...this.#likely];
  }

  /** Overwrites the sure secrets in a file of the work. */
  readonly redactFile = (content: Buffer): Buffer => {
    const spelled = this.#sureSpelled();
    if (!spelled.some((secret) => content.includes(secret))) return content;
    const [redacted = content] = redactBytes([content], spelled);
    return redacted;
  };

  /** The same data without the sure secrets in its texts. */
  redact<Data>(data: Data): Data {
    const spelled = this.#sureSpelled();
    const text = JSON.stringify(data) ?? "";
    // Few rows hold one, or what was left of one.
    const isHeld = (secret: string) => ENDS.some((part) => text.includes(part(secret)));
    if (!spelled.some(isHeld)) return data;
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === "string" ? redactText(value, spelled) : value,
    );
  }

  #sureSpelled(): readonly string[] {
    this.#spelled ??= spellingsOf([...this.#sure, ...[...this.#held].flatMap((own) => [...own])]);
    return this.#spelled;
  }
}
