import { describe, expect, test } from "vitest";
import { isLoopback, isOwnAddress, isPublicAddress } from "../../../src/verify/address.ts";

describe("isPublicAddress", () => {
  test.each([
    ["this host", "0.0.0.0"],
    ["this net", "0.1.2.3"],
    ["loopback", "127.0.0.1"],
    ["loopback, further on", "127.255.255.254"],
    ["private, 10", "10.0.0.1"],
    ["private, 172.16", "172.16.0.1"],
    ["private, 172.31", "172.31.255.255"],
    ["private, 192.168", "192.168.1.1"],
    ["link-local and cloud metadata", "169.254.169.254"],
    ["carrier-grade NAT", "100.64.0.1"],
    ["carrier-grade NAT, its end", "100.127.255.255"],
    ["protocol assignments", "192.0.0.8"],
    ["documentation 1", "192.0.2.1"],
    ["documentation 2", "198.51.100.7"],
    ["documentation 3", "203.0.113.7"],
    ["benchmarks", "198.19.0.1"],
    ["6to4 relay", "192.88.99.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["IPv6 unspecified", "::"],
    ["IPv6 loopback", "::1"],
    ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
    ["IPv4-mapped public", "::ffff:8.8.8.8"],
    ["IPv4-mapped, in hex", "::ffff:7f00:1"],
    ["IPv4-compatible", "::8.8.8.8"],
    ["NAT64 of a private address", "64:ff9b::a00:1"],
    ["NAT64 of a public address", "64:ff9b::808:808"],
    ["NAT64, local", "64:ff9b:1::1"],
    ["unique local", "fc00::1"],
    ["unique local, fd", "fd12:3456:789a::1"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast six", "ff02::1"],
    ["documentation six", "2001:db8::1"],
    ["documentation six, new", "3fff::1"],
    ["Teredo", "2001:0:4136:e378::1"],
    ["6to4 of a private address", "2002:a00:1::1"],
    ["discard", "100::1"],
    ["no address", "example.com"],
    ["nothing", ""],
    ["octal", "0177.0.0.1"],
    ["a number", "2130706433"],
  ])("refuses %s: %s", (_, address) => expect(isPublicAddress(address)).toBe(false));

  test.each([
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "172.15.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "192.167.1.1",
    "11.0.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
  ])("takes %s", (address) => expect(isPublicAddress(address)).toBe(true));
});

describe("isOwnAddress", () => {
  test.each(["127.0.0.1", "10.1.2.3", "192.168.0.1", "100.64.0.1", "8.8.8.8", "::1", "fd00::1", "2606:4700::1111"])(
    "takes %s for an endpoint that the user named",
    (address) => expect(isOwnAddress(address)).toBe(true),
  );

  test.each([
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:127.0.0.1",
    "fe80::1",
    "64:ff9b::a00:1",
    "ff02::1",
  ])("refuses %s even there", (address) => expect(isOwnAddress(address)).toBe(false));
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["10.0.0.1", false],
  ["::ffff:127.0.0.1", false],
])("isLoopback(%s) is %s", (address, want) => expect(isLoopback(address)).toBe(want));
