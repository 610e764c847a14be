// A reminder in, whom to assign it to or to mention out: owner, else CODEOWNERS, else its author, else the fallback.

import type { Reminder } from "../model/rotation.ts";
import type { Client } from "./client.ts";
import { codeownersPlaces, parseCodeowners } from "./codeowners.ts";
import type { OwnersOf } from "./codeowners.ts";
import type { Repository } from "./issues.ts";

/** Whom it concerns. */
export interface Owner {
  /** A login, a team or a mail address, as people write it. */
  readonly name: string;
  /** There if that person can be assigned. Teams cannot. */
  readonly login?: string;
  readonly source: "inventory" | "CODEOWNERS" | "commit" | "fallback";
}

/** Where the code is, where the issue is, and whom to tell if nobody is found. */
export interface OwnerPlaces {
  readonly code: Repository;
  readonly fallback?: string | undefined;
}

const loginForm = /^@?([A-Za-z0-9][A-Za-z0-9-]{0,38})$/;
const teamForm = /^@[\w.-]+\/[\w.-]+$/;

/** Finds owners; what GitHub said once is remembered. */
export class Owners {
  readonly #client: Client;
  readonly #places: OwnerPlaces;
  readonly #assignable = new Map<string, Promise<boolean>>();
  #codeowners: Promise<OwnersOf> | undefined;

  constructor(client: Client, places: OwnerPlaces) {
    this.#client = client;
    this.#places = places;
  }

  /** The first who is found; undefined where there is nobody. The declared owner is never passed over. */
  async of(reminder: Reminder, issuesAt: Repository): Promise<Owner | undefined> {
    if (reminder.owner !== undefined) return this.#named(reminder.owner, "inventory", issuesAt);
    const found = (await this.#fromFile(reminder, issuesAt)) ?? (await this.#fromCommit(reminder, issuesAt));
    if (found !== undefined) return found;
    const { fallback } = this.#places;
    return fallback === undefined ? undefined : this.#named(fallback, "fallback", issuesAt);
  }

  async #named(name: string, source: Owner["source"], issuesAt: Repository): Promise<Owner> {
    const login = loginForm.exec(name.trim())?.[1];
    const isKnown = login !== undefined && (await this.#isAssignable(login, issuesAt));
    return { name: name.slice(0, 200), source, ...(isKnown ? { login } : {}) };
  }

  /** The owners of the first place that has any: somebody who can be assigned before a team. */
  async #fromFile({ places }: Reminder, issuesAt: Repository): Promise<Owner | undefined> {
    if (places.length === 0) return undefined;
    this.#codeowners ??= this.#readCodeowners();
    const ownersOf = await this.#codeowners;
    const names = places.map(({ path }) => ownersOf(path)).find((owners) => owners.length > 0) ?? [];
    for (const name of names) {
      const owner = await this.#named(name, "CODEOWNERS", issuesAt);
      if (owner.login !== undefined) return owner;
    }
    const team = names.find((name) => teamForm.test(name));
    return team === undefined ? undefined : { name: team, source: "CODEOWNERS" };
  }

  async #readCodeowners(): Promise<OwnersOf> {
    const { owner, name: repo } = this.#places.code;
    for (const path of codeownersPlaces) {
      const asked = await this.#client.ask((octokit) => octokit.rest.repos.getContent({ owner, repo, path }));
      // Without the right to read contents there is no file, and the next in line is asked.
      if (asked.ok && "content" in asked.data && typeof asked.data.content === "string") {
        return parseCodeowners(Buffer.from(asked.data.content, "base64").toString("utf8"));
      }
    }
    return () => [];
  }

  /** The account that GitHub knows a commit's author by, if it still has access. */
  async #fromCommit({ places }: Reminder, issuesAt: Repository): Promise<Owner | undefined> {
    const ref = places.find(({ commit }) => commit !== undefined)?.commit;
    if (ref === undefined || !/^[0-9a-f]{7,64}$/.test(ref)) return undefined;
    const { owner, name: repo } = this.#places.code;
    const asked = await this.#client.ask((octokit) => octokit.rest.repos.getCommit({ owner, repo, ref, per_page: 1 }));
    const login = asked.ok ? (asked.data.author as { readonly login?: unknown } | null)?.login : undefined;
    if (typeof login !== "string" || !(await this.#isAssignable(login, issuesAt))) return undefined;
    return { name: login, login, source: "commit" };
  }

  /** Whether somebody has access enough to be assigned; needs no more than reading. */
  #isAssignable(login: string, { id, owner, name: repo }: Repository): Promise<boolean> {
    const key = `${id}/${login.toLowerCase()}`;
    const known = this.#assignable.get(key);
    if (known !== undefined) return known;
    const wanted = { owner, repo, assignee: login };
    const asked = this.#client
      .ask((octokit) => octokit.rest.issues.checkUserCanBeAssigned(wanted))
      .then(({ ok }) => ok);
    this.#assignable.set(key, asked);
    return asked;
  }
}
