// A folder in, what git's configuration says out: who the user is, and which repository of a host the remote names.

import { GitError } from "../../base/git/git-error.ts";
import { runGit } from "../../base/git/run.ts";

/** A value of git's configuration at a folder; undefined where it is not set, or there is no git. */
async function configured(folder: string, name: string): Promise<string | undefined> {
  try {
    const text = (await runGit({ cwd: folder, repository: "discover" }, ["config", "--get", name])).toString("utf8");
    return text.trim() === "" ? undefined : text.trim();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** `Name <mail>`, or the one of them that is set; undefined where neither is. */
export async function userOf(folder: string): Promise<string | undefined> {
  const [name, mail] = [await configured(folder, "user.name"), await configured(folder, "user.email")];
  if (name === undefined || mail === undefined) return name ?? mail;
  return `${name} <${mail}>`;
}

/** `owner/name` of a remote's address at `host`; undefined for an address elsewhere, or of another form. */
export function repositoryOfRemote(remote: string, host: string): string | undefined {
  const form = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)(?::\d+)?[:/]+([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(remote);
  return form?.[1]?.toLowerCase() === host.toLowerCase() ? form[2] : undefined;
}

/** `owner/name` of the remote `origin` at `host`, as `repositoryOfRemote` reads it. */
export async function originRepository(folder: string, host: string): Promise<string | undefined> {
  const remote = await configured(folder, "remote.origin.url");
  return remote === undefined ? undefined : repositoryOfRemote(remote, host);
}
