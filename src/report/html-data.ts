// The shape of the data that travels inside an HTML report: written by html-shape.ts, read by the page's own script.

import type { Severity } from "../model/rule.ts";

/** active: proven to work. open: may work. dead: proven not to. allowed: accepted on purpose. */
export const pageStates = ["active", "open", "dead", "allowed"] as const;
export type PageState = (typeof pageStates)[number];

/** Ways in which findings are grouped, to see where they sit. */
export const facetKinds = ["path", "author", "provider"] as const;
export type FacetKind = (typeof facetKinds)[number];

/** What a rule says of all its findings. Texts are escaped for showing, not for HTML. */
export interface PageRule {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly risk: string;
  readonly steps: readonly string[];
  /** An https address; absent where there is none, or another scheme. */
  readonly where?: string;
  /** `Every 90 days, as the provider says`; empty where no period is set. */
  readonly period: string;
}

/** Whole days since 1970-01-01, UTC. `to` absent: still there. */
export interface PageSpan {
  readonly from: number;
  readonly to?: number;
}

/** One secret's exposure in time, in whole days since 1970-01-01, UTC. */
export interface PageExposure {
  /** Its first commit. */
  readonly since: number;
  /** When it was in the tree. */
  readonly spans: readonly PageSpan[];
  /** First commit and the rule's period. */
  readonly due?: number;
}

/** One place, and the index into `texts` of what else is known of it. */
export type PagePlace = readonly [at: string, notes: number];

/** One secret. Texts are escaped for showing, not for HTML. */
export interface PageFinding {
  /** Its fingerprint. */
  readonly id: string;
  /** Index into `rules`. */
  readonly rule: number;
  readonly secret: string;
  readonly provider: string;
  readonly severity: Severity;
  readonly confidence: string;
  readonly state: PageState;
  /** The state in a word or two. */
  readonly label: string;
  /** Indexes into `texts`: what the provider said, why it is allowed, what else is known. */
  readonly notes: readonly number[];
  /** Index into `texts`: where history says it can be met today. */
  readonly reach: number;
  /** `612 days`; empty where nobody knows. */
  readonly age: string;
  /** `rotation was due 2024-05-30, 522 days ago`; empty where there is no deadline. */
  readonly deadline: string;
  readonly overdue: boolean;
  readonly exposure?: PageExposure;
  /** Lines of its history, each a short title and a text. */
  readonly history: readonly (readonly [title: string, text: string])[];
  /** The first few; at least one. */
  readonly places: readonly PagePlace[];
  /** How many further places there are. */
  readonly morePlaces: number;
  /** The masked line of the first place: before the mask, the mask, after it. */
  readonly frame?: readonly [before: string, mask: string, after: string];
  /** Index into `texts`: the sentence before the steps. */
  readonly advice: number;
  /** Index into `texts`: the sentence before `allow`. */
  readonly allowText: number;
  readonly allow: string;
  /** Indexes into the groups of each facet, as far as these are in the page. */
  readonly groups: Readonly<Record<FacetKind, readonly number[]>>;
}

/** All findings that fall into one group; its name is escaped for showing, not for HTML. */
export interface PageGroup {
  readonly name: string;
  /** Findings in it that are neither dead nor allowed. */
  readonly open: number;
  /** Of these, those proven to work. */
  readonly active: number;
}

/** The fullest groups of a facet, and how many further ones hold findings that are neither dead nor allowed. */
export interface PageFacet {
  readonly groups: readonly PageGroup[];
  readonly more: number;
}

/** Everything that the page's script works on. */
export interface PageData {
  /** In the order of the report: most urgent first. */
  readonly findings: readonly PageFinding[];
  readonly rules: readonly PageRule[];
  /** Texts that many findings share. */
  readonly texts: readonly string[];
  readonly facets: Readonly<Record<FacetKind, PageFacet>>;
  /** The day of the report, or the last day that it knows of; 0 where it knows none. */
  readonly lastDay: number;
  /** The first day that the timeline shows; 0 where no secret has a date. */
  readonly firstDay: number;
}
