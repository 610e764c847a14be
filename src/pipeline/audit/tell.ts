// What stands in which object in, contents with their places and the origin of each secret out.

import { traceOrigins } from "../../findings/origin.ts";
import { messagePath } from "../../findings/history-graph.ts";
import type { HistoryGraph, Origins } from "../../findings/history-graph.ts";
import type { Provenance } from "../../model/blob.ts";
import type { Finding } from "../../model/finding.ts";
import type { Origin } from "../../model/history.ts";
import type { HiddenName } from "../../report/mask-names.ts";
import type { ScannedBlob } from "../content-scanner.ts";
import type { ObjectAccess } from "./access.ts";
import { pointOf } from "./graph.ts";
import type { FoundName } from "./names.ts";
import type { FoundRef } from "./ref-names.ts";
import type { FoundObject } from "./share.ts";
import { commitParts, tagParts } from "./texts.ts";

/** What is told of all finds. */
export interface Told {
  readonly blobs: readonly ScannedBlob[];
  /** By fingerprint. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** The name of a file or ref, with its number as an object of a history. */
type NamedFind = FoundRef | FoundName;

/** Where a find stands as an object of a history: the blob, commit or tag, or the name's own number. */
function targetOf(found: FoundObject, names: ReadonlyMap<FoundObject, NamedFind>): number {
  return names.get(found)?.object ?? found.object;
}

interface TracedPlaces {
  readonly blobs: Set<number>;
  readonly messages: Set<number>;
  /** Commits and tags that hold it in a field, whether or not in their message too. */
  readonly fields: Set<number>;
  /** Commits that hold it in their message. */
  readonly spoken: Set<number>;
}

function tracedPlaces(found: readonly FoundObject[], names: ReadonlyMap<FoundObject, NamedFind>) {
  const bySecret = new Map<string, TracedPlaces>();
  for (const one of found) {
    const inTree = (one.part === "file" || one.part === "name") && one.ref === undefined;
    for (const { fingerprint } of one.scanned.matches) {
      const places = bySecret.get(fingerprint) ?? {
        blobs: new Set(),
        messages: new Set(),
        fields: new Set(),
        spoken: new Set(),
      };
      bySecret.set(fingerprint, places);
      (inTree ? places.blobs : places.messages).add(targetOf(one, names));
      if (one.part === "author") places.fields.add(one.object);
      if (one.part === "message") places.spoken.add(one.object);
    }
  }
  return bySecret;
}

/** A secret that came in with a field of a commit stands at no path, that of the message included. */
function withoutPath(origin: Origin, { fields, spoken }: TracedPlaces, access: ObjectAccess): Origin {
  const { introduced } = origin;
  if (introduced?.path !== messagePath) return origin;
  const isIn = (objects: ReadonlySet<number>) =>
    [...objects].some((object) => access.hex(object) === introduced.commit);
  return isIn(fields) && !isIn(spoken) ? { ...origin, introduced: { ...introduced, path: "" } } : origin;
}

/** Traces every secret and gives each find its places. */
export function tell(
  found: readonly FoundObject[],
  graph: HistoryGraph,
  names: readonly NamedFind[],
  access: ObjectAccess,
): Told {
  const byFind = new Map(names.map((name) => [name.found, name]));
  const bySecret = tracedPlaces(found, byFind);
  const secrets = [...bySecret.values()].map(({ blobs, messages }) => ({ blobs: [...blobs], messages: [...messages] }));
  const traced = traceOrigins(graph, secrets);
  const teller = new PlaceTeller(graph, traced, access);
  return {
    blobs: found.map((one) => ({
      provenance: teller.placesOf(one, targetOf(one, byFind)),
      scanned: one.scanned,
      ...(one.name === undefined
        ? { held: { object: access.hex(one.object), part: one.part } }
        : { content: { kind: "bytes", bytes: one.name } }),
    })),
    origins: new Map(
      [...bySecret].map(([fingerprint, places], place) => {
        return [fingerprint, withoutPath(traced.secrets[place] as Origin, places, access)];
      }),
    ),
  };
}

class PlaceTeller {
  readonly #graph: HistoryGraph;
  readonly #traced: Origins;
  readonly #access: ObjectAccess;
  readonly #points = new Map<number, Omit<Provenance, "path" | "part">>();
  #commits: ReadonlySet<number> | undefined;

  constructor(graph: HistoryGraph, traced: Origins, access: ObjectAccess) {
    this.#graph = graph;
    this.#traced = traced;
    this.#access = access;
  }

  placesOf({ object, part, ref }: FoundObject, target: number): Provenance[] {
    if (ref !== undefined) return [{ path: ref, part }];
    const id = this.#access.hex(object);
    if (part === "tag") return [{ path: "", part, object: id }];
    if (part === "message" || part === "author") {
      const isCommit = part === "message" || this.#isCommit(object);
      return [
        {
          path: part === "message" ? messagePath : "",
          part,
          object: id,
          ...(isCommit ? pointOf(this.#access, object) : {}),
        },
      ];
    }
    const places = this.#traced.places.get(target) ?? [];
    const own = part === "file" ? { object: id } : {};
    if (places.length === 0) return [{ path: "", part, object: id }];
    return places.map(({ path, introduced }) => ({
      path,
      part,
      ...own,
      ...(introduced === undefined ? {} : this.#point(introduced)),
    }));
  }

  #isCommit(object: number): boolean {
    this.#commits ??= new Set(this.#graph.commits.objects);
    return this.#commits.has(object);
  }

  #point(commit: number): Omit<Provenance, "path" | "part"> {
    let point = this.#points.get(commit);
    if (point === undefined) this.#points.set(commit, (point = this.#graph.describe(commit)));
    return point;
  }
}

/** The finding with what history says of it. */
export function withOrigin(finding: Finding, origins: ReadonlyMap<string, Origin>): Finding {
  const origin = origins.get(finding.fingerprint);
  if (origin === undefined) return finding;
  const { introduced } = origin;
  if (introduced === undefined) return { ...finding, origin };
  const { commit, author, date } = introduced;
  return {
    ...finding,
    origin,
    firstSeen: { commit, ...(author === undefined ? {} : { author }), ...(date === undefined ? {} : { date }) },
  };
}

/** The texts of names, authors and other headers that hold a secret, with what is shown in their place. */
export function hiddenNames(found: readonly FoundObject[], access: ObjectAccess): HiddenName[] {
  return found.flatMap((one) => {
    if (one.part !== "author" && one.part !== "name") return [];
    const bytes = one.part === "name" ? one.name : headersOf(one.object, access);
    if (bytes === undefined) return [];
    return one.scanned.matches.map(({ span, secret }) => {
      return { name: Buffer.from(bytes).toString("utf8", span.start, span.end), shown: secret.masked };
    });
  });
}

function headersOf(object: number, access: ObjectAccess): Uint8Array | undefined {
  const bytes = access.read(object);
  if (bytes === undefined) return undefined;
  const parts = bytes.subarray(0, 5).toString("latin1") === "tree " ? commitParts(bytes) : tagParts(bytes);
  return parts.find(({ part }) => part === "author")?.bytes;
}
