// A root in, its inventory out; a first one, or what was adopted, into the file.

import { readRootedFile, updateRootedFile } from "../../base/locked-file.ts";
import type { RootedFile } from "../../base/locked-file.ts";
import type { Inventory } from "../../model/rotation.ts";
import type { FoundCredential } from "../../rotation/adopt.ts";
import { adopt } from "../../rotation/adopt.ts";
import type { InventoryContext } from "../../rotation/inventory.ts";
import { emptyInventory, inventoryFile, parseInventory } from "../../rotation/inventory.ts";
import { inventorySample } from "../../rotation/sample.ts";

function place(root: string): RootedFile {
  return { root, file: inventoryFile };
}

/** The inventory of a root, or an empty one. Throws ConfigError with every mistake, line and column. */
export function readInventory(root: string, context: InventoryContext): Inventory {
  const text = readRootedFile(place(root));
  return text === undefined ? emptyInventory : parseInventory(text, context);
}

/** Writes the commented sample where there is no inventory; false where there is one, which is left as it is. */
export async function initInventory(root: string): Promise<boolean> {
  return await updateRootedFile(place(root), (before) =>
    before === undefined ? { text: inventorySample, result: true } : { result: false },
  );
}

/** Adds an entry for each finding that none lists, and gives the ids of the new ones. Throws as `adopt` does. */
export async function adoptInto(
  root: string,
  findings: readonly FoundCredential[],
  context: InventoryContext,
): Promise<readonly string[]> {
  return await updateRootedFile(place(root), (before) => {
    const { text, added } = adopt(before, findings, context);
    return { result: added, ...(added.length === 0 ? {} : { text }) };
  });
}
