// The share of an audit in, one thread's tools out: unpacker with its memory laid out, walker, scanner.

import { DeltaWalker } from "../../base/git/delta-walk.ts";
import { PackWindow } from "../../base/git/pack-window.ts";
import { slackBytes, Unpacker } from "../../base/git/unpacker.ts";
import type { ContentScanner } from "../content-scanner.ts";
import type { AuditShare } from "./share.ts";

/** One thread's tools. Addresses are the unpacker's. */
export interface Workshop {
  readonly unpacker: Unpacker;
  readonly walker: DeltaWalker;
  readonly scanner: ContentScanner;
  /** First address behind all that is fixed: where an object can be put that comes from elsewhere than a pack. */
  readonly floor: number;
  /** Where `namesBytes` bytes are for the names of trees. */
  readonly names: number;
  /** Where the filter of wanted ids is, of `filterBytes` bytes, and then a byte for each object. */
  readonly filter: number;
  readonly flags: number;
}

/** Remembers 65,536 names at half full. */
export const namesBytes = 8 * 131_072;
/** A megabit. */
export const filterBytes = 131_072;

function aligned(address: number): number {
  return Math.ceil((address + slackBytes) / 64) * 64;
}

/** Sets up a thread: the id table is copied into the unpacker's memory, everything else of the share is used in place. */
export function openWorkshop(share: AuditShare, scanner: ContentScanner): Workshop {
  const unpacker = new Unpacker(share.unpack);
  const window = unpacker.floor;
  const firsts = aligned(window + PackWindow.bytes);
  const ids = aligned(firsts + share.firsts.byteLength);
  const names = aligned(ids + share.ids.length);
  const filter = aligned(names + namesBytes);
  const flags = aligned(filter + filterBytes);
  const floor = aligned(flags + share.ids.length / share.idBytes);
  if (!unpacker.ensure(floor + 1024 * 1024)) throw new RangeError("the memory does not take the table of all objects");
  unpacker.words.set(share.firsts, firsts / 4);
  unpacker.bytes.set(share.ids, ids);
  unpacker.calls.useIds(firsts, ids, share.idBytes);
  const walker = new DeltaWalker({
    entries: share.entries,
    forest: share.forest,
    crcs: share.crcs,
    unpacker,
    window: new PackWindow(unpacker, window, share.files),
    floor,
    limits: share.limits,
  });
  return { unpacker, walker, scanner, floor, names, filter, flags };
}
