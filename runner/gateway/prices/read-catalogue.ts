import { isDeepStrictEqual } from "node:util";

import { type ModelPrice, ModelPrices } from "./price-list.ts";

/** The prices from a public list, and what was left out of it. */
export interface CatalogueReading {
  readonly models: ModelPrices;
  /** Names of models, by the reason. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Fields of models that were taken, each with the number of these models. */
  readonly fieldsLeftOut: ReadonlyMap<string, number>;
}

/** A model of a list. */
interface Named {
  readonly name: string;
  readonly id: string;
  readonly price: ModelPrice;
  /** Its own name has priority over a name under a vendor. */
  readonly isOwnName: boolean;
}

/** Terminals show ids, so an id contains no control characters. */
const PRINTABLE = /^\P{C}+$/u;

const TWICE = "the list has this id twice, and the other entry was taken";

/** Gathers what is read from a public list. */
export class CatalogueReader {
  readonly #models = new Map<string, Named>();
  readonly #leftOut = new Map<string, string[]>();
  readonly #fields = new Map<string, number>();

  /** Takes a price; false if the list has it twice, or if it is not whole. */
  take(model: Named): boolean {
    const { name, id, price, isOwnName } = model;
    if (!PRINTABLE.test(id) || !isReadable({ [id]: price })) {
      this.leaveOut(name, "not in the list's form");
      return false;
    }
    const other = this.#models.get(id);
    const isTaken = isOwnName || other === undefined;
    if (other !== undefined) this.leaveOut(isTaken ? other.name : name, TWICE);
    if (isTaken) this.#models.set(id, model);
    return isTaken;
  }

  leaveOut(name: string, reason: string): void {
    const names = this.#leftOut.get(reason);
    if (names === undefined) this.#leftOut.set(reason, [name]);
    else names.push(name);
  }

  leaveOutField(field: string): void {
    this.#fields.set(field, (this.#fields.get(field) ?? 0) + 1);
  }

  read(): CatalogueReading {
    const models = [...this.#models].map(([id, { price }]) => [id, price] as const);
    return {
      models: Object.fromEntries(models.toSorted(byName)),
      leftOut: this.#leftOut,
      fieldsLeftOut: new Map([...this.#fields].toSorted(byName)),
    };
  }
}

/** A reader drops some names in silence, such as `__proto__`. */
function isReadable(models: ModelPrices): boolean {
  return isDeepStrictEqual(ModelPrices.safeParse(models).data, models);
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

/** The members that are known. */
export function present<Members extends object>(
  members: Members,
): {
  [Name in keyof Members]?: Exclude<Members[Name], undefined>;
} {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  // `fromEntries` forgets the names, which are those of the members.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(known) as {
    [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}
