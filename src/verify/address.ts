// An IP address in, whether it may be dialled out: only addresses of the public internet are, unless the user named them.

import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Not of the public internet (IANA special-purpose registries, RFC 6890 and those that update it). */
const special: readonly (readonly [net: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Inside the unicast range 2000::/3, which is all of IPv6 that is public; what lies outside of it is refused anyway. */
const specialSix: readonly (readonly [net: string, bits: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

/** What no installation of one's own stands at: this host's wildcard, link-local (cloud metadata), multicast. */
const never: readonly (readonly [net: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

function listOf(nets: readonly (readonly [string, number])[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
}

const refusedFour = listOf(special, "ipv4");
const refusedSix = listOf(specialSix, "ipv6");
const publicSix = listOf([["2000::", 3]], "ipv6");
const neverFour = listOf(never, "ipv4");
const ownSix = listOf(
  [
    ["2000::", 3],
    ["fc00::", 7],
  ],
  "ipv6",
);

/** May an address that a compiled-in host name stands for be dialled? IPv4 inside of IPv6 never is. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refusedFour.check(address, "ipv4");
  // A zone (`fe80::1%eth0`) marks a link-local address.
  if (!isIPv6(address) || address.includes("%")) return false;
  return publicSix.check(address, "ipv6") && !refusedSix.check(address, "ipv6");
}

/** `127.0.0.0/8` or `::1`. */
export function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith("127.") : address === "::1";
}

/** May an address of an endpoint that the user named (`--endpoint`) be dialled? Private ones may: that is what it is for. */
export function isOwnAddress(address: string): boolean {
  if (isIPv4(address)) return !neverFour.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return address === "::1" || ownSix.check(address, "ipv6");
}
