// What an audit of objects hands over: finds with places and origins, and an account of what was read and what was not.

import type { CachedObjects } from "../../base/object-cache.ts";
import type { Problem } from "../../model/blob.ts";
import type { ObjectCounts, Unseen } from "../../model/finding.ts";
import type { Origin } from "../../model/history.ts";
import type { HiddenName } from "../../report/mask-names.ts";
import type { ScannedBlob } from "../content-scanner.ts";

/** Everything found in the objects of a repository, and what was read of it. */
export interface AuditedObjects {
  readonly blobs: readonly ScannedBlob[];
  /** By fingerprint. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly hiddenNames: readonly HiddenName[];
  readonly problems: readonly Problem[];
  readonly objects: ObjectCounts;
  readonly unseen: readonly Unseen[];
  readonly times: ReadonlyMap<string, number>;
  /** What the next audit may build on; absent where something could not be read. */
  readonly memory?: CachedObjects;
}
