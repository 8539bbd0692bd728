import { BlockList, isIP } from "node:net";

/** A host by its name or address, and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** One entry of a list such as NO_PROXY. */
interface Entry {
  /** Without the dot or the `*.` at its beginning. */
  readonly name: string;
  /** Null for every port. */
  readonly port: number | null;
  /** Null unless the entry is an address or a range of addresses. */
  readonly addresses: BlockList | null;
}

/** Reads a list such as NO_PROXY: names, `.names` with all below them, addresses, ranges, `*`, each with a port or not. */
export function readHostList(list: string): (asked: HostPort) => boolean {
  const entries = list
    .split(/[\s,]+/u)
    .filter((text) => text !== "")
    .map(readEntry);
  return ({ host, port }) => {
    const name = plainHost(host);
    return entries.some((entry) => (entry.port ?? port) === port && isNamedBy(entry, name));
  };
}

function isNamedBy({ name, addresses }: Entry, host: string): boolean {
  if (name === "*") return true;
  const version = isIP(host);
  if (version !== 0) return addresses?.check(host, familyOf(version)) ?? false;
  return host === name || host.endsWith(`.${name}`);
}

/** A name may end in the dot of the root, and an address of IPv6 may be in brackets. */
function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replaceAll(/^\[|\]$/gu, "")
    .replace(/(?<=.)\.$/u, "");
}

function readEntry(text: string): Entry {
  const isAddress = isIP(text) !== 0 || text.includes("/");
  const { host = text, port } = (isAddress ? null : PORTED.exec(text))?.groups ?? {};
  const name = plainHost(host).replace(/^\*?\./u, "");
  return { name, port: port === undefined ? null : Number(port), addresses: readRange(name) };
}

const PORTED = /^(?<host>.+):(?<port>\d{1,5})$/u;

/** `10.0.0.0/8`, or one address; null for anything else. */
function readRange(text: string): BlockList | null {
  const [address = "", bits] = text.split("/");
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (!(prefix >= 0 && prefix <= most)) return null;
  const range = new BlockList();
  range.addSubnet(address, prefix, familyOf(version));
  return range;
}

function familyOf(version: number) {
  return version === 4 ? "ipv4" : "ipv6";
}
