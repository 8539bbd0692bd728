import { BlockList, isIP } from "node:net";

type Family = "ipv4" | "ipv6";
type Block = readonly [network: string, prefix: number];

/** IANA's special-purpose IPv4 blocks that are not globally reachable, and multicast. */
const PRIVATE_IPV4: readonly Block[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Also the metadata of most clouds, 169.254.169.254.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // The platform's own address in one cloud; no registry names it.
  ["168.63.129.16", 32],
];

/** Global unicast. All other IPv6 addresses are special: private, link-local, mapped, multicast. */
const GLOBAL_IPV6: readonly Block[] = [["2000::", 3]];

/** IANA's special-purpose blocks within global unicast. Some hold an IPv4 address. */
const PRIVATE_IPV6: readonly Block[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const privateIpv4 = listOf(PRIVATE_IPV4, "ipv4");
const globalIpv6 = listOf(GLOBAL_IPV6, "ipv6");
const privateIpv6 = listOf(PRIVATE_IPV6, "ipv6");
const loopback = listOf([["127.0.0.0", 8]], "ipv4");

function listOf(blocks: readonly Block[], family: Family): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of blocks) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether the whole internet reaches an IP address, so that it does not belong to this machine or its networks. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !privateIpv4.check(address, "ipv4");
  // An address with a zone belongs to one of this machine's links.
  if (isIP(address) !== 6 || address.includes("%")) return false;
  return globalIpv6.check(address, "ipv6") && !privateIpv6.check(address, "ipv6");
}

/** Whether an IPv4 address is this machine itself. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 && loopback.check(address, "ipv4");
}
