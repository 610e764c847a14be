// Turns failed system calls and failed git commands into problems and errors for people.

import { GitError } from "../base/git/git-error.ts";
import { SourceError } from "../errors.ts";
import type { Problem } from "../model/blob.ts";

/** The error code (`ENOENT`) of a failed system call, or "" for any other value. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The problem of a file or folder, shown as `path`, that could not be opened, read or listed. */
export function fileProblem(path: string, error: unknown): Problem {
  const code = errorCode(error);
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return { kind: "vanished", path, message: `${path} was listed, but is gone` };
    case "EACCES":
    case "EPERM":
      return {
        kind: "unreadable",
        path,
        message: `${path}: permission denied`,
        hint: "Run as a user who may read it.",
      };
    case "EISDIR":
    case "ENXIO":
    case "ENODEV":
    case "EOPNOTSUPP":
      return notAFile(path);
    case "ELOOP":
    case "EMLINK":
      return { kind: "not-a-file", path, message: `${path} is a symbolic link`, hint: "Name it on the command line." };
    default:
      return { kind: "unreadable", path, message: `${path} could not be read (${code || "unknown error"})` };
  }
}

/** The problem of a socket, device, pipe or folder that stands where a file was expected. */
export function notAFile(path: string): Problem {
  return { kind: "not-a-file", path, message: `${path} is not a regular file` };
}

/** The error for a git command at `cwd` that failed as a whole. Anything but a GitError is returned as it is. */
export function sourceError(error: unknown, cwd: string): unknown {
  if (!(error instanceof GitError)) return error;
  switch (error.kind) {
    case "no-git":
      return new SourceError("git was not found", { hint: "Install git, or add it to the PATH.", cause: error });
    case "no-folder":
      return new SourceError(`no such folder: ${cwd}`, { hint: "Check the path.", cause: error });
    case "not-a-repository":
    case "no-work-tree":
      return new SourceError(`not a git repository: ${cwd}`, {
        hint: "Run it inside a repository, or scan the files instead: keywarden scan .",
        cause: error,
      });
    case "unsafe-repository":
      return new SourceError(`git refuses ${cwd}, because another user owns it`, {
        hint: ownershipAdvice(error),
        cause: error,
      });
    default:
      return new SourceError(error.message, {
        hint: isTooNew(error)
          ? "The repository is in a format that your git does not know: use a newer git."
          : "Run git fsck to see whether the repository is sound.",
        cause: error,
      });
  }
}

/** As git says it of reftables, other hashes and whatever comes after them. */
function isTooNew({ stderr }: GitError): boolean {
  return /unknown repository extensions? found|Expected git repo version/i.test(stderr);
}

function ownershipAdvice(error: GitError): string {
  const advice = /git config --global --add safe\.directory .*/.exec(error.stderr)?.[0];
  return `If you trust it: ${advice ?? "git config --global --add safe.directory <folder>"}`;
}
