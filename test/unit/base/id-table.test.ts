// Where an id stands among sorted ids: the same as by looking at each, however uneven they are spread.

import fc from "fast-check";
import { expect, it } from "vitest";
import { placeOf } from "../../../src/base/id-table.ts";

/** Ids whose first bytes crowd: few values, many ties of the first word. */
const id = fc
  .tuple(fc.constantFrom(0, 0, 1, 127, 128, 255), fc.constantFrom(0, 0, 0, 255), fc.nat(3), fc.nat(255))
  .map(([first, second, last, any]) => {
    const bytes = Buffer.alloc(20, any % 3);
    bytes[0] = first;
    bytes[1] = second;
    bytes[2] = second;
    bytes[3] = any % 5;
    bytes[19] = last;
    return bytes;
  });

it("is that of a plain search", () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), id, (many, wanted) => {
      const sorted = [...new Map(many.map((bytes) => [bytes.toString("hex"), bytes])).values()].toSorted(
        Buffer.compare,
      );
      const place = placeOf(Buffer.concat(sorted), wanted);
      const exact = sorted.findIndex((bytes) => bytes.equals(wanted));
      const before = sorted.filter((bytes) => Buffer.compare(bytes, wanted) < 0).length;
      expect(place).toBe(exact >= 0 ? exact : -1 - before);
    }),
    { numRuns: 2000 },
  );
});
