import { expect, test } from "vitest";
import { traceOrigins } from "../../../src/findings/origin.ts";
import { largeHistory } from "../../helpers/large-history.ts";

test("traces 2,500 secrets in 5,000 blobs through 200,000 commits and 50,000 refs", () => {
  const graph = largeHistory({ commits: 200_000, refs: 50_000, targets: 5_000, names: true });
  expect(graph.trees.count).toBeGreaterThan(600_000);
  let read = 0;
  const watched = {
    ...graph,
    entriesOf(tree: number) {
      read++;
      return graph.entriesOf(tree);
    },
  };
  const secrets = Array.from({ length: 2_500 }, (_, place) => ({ blobs: [place * 2, place * 2 + 1], messages: [] }));
  const start = process.cpuUsage();
  const { secrets: origins, places, cut } = traceOrigins(watched, secrets);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(5_000);
  expect(origins.filter(({ introduced }) => introduced !== undefined).length).toBeGreaterThan(2_000);
  expect(places.size).toBe(5_000);
  expect(cut.size).toBe(0);
  // One for each name, not one for each tree.
  expect(read).toBeLessThan(6_000);
});
