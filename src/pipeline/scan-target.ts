// What to look at in, the source that reads it out.

import type { Settings } from "../config/settings.ts";
import type { Source } from "../model/blob.ts";
import type { PushedRef } from "../model/hook.ts";
import { filtered } from "../sources/filtered.ts";

/** What a scan looks at. Paths are as the user typed them, relative to the working folder. */
export type ScanTarget =
  | { readonly kind: "paths"; readonly paths: readonly string[] }
  | { readonly kind: "stdin"; readonly stream: AsyncIterable<Uint8Array | string>; readonly name: string }
  | { readonly kind: "staged" }
  | { readonly kind: "range"; readonly range: string }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "push"; readonly refs: readonly PushedRef[]; readonly remote: string };

/** The source of a target; git's part is only loaded when it is needed. Throws SourceError. */
export async function openTarget(
  target: ScanTarget,
  place: { cwd: string; root: string },
  settings: Settings,
): Promise<Source> {
  switch (target.kind) {
    case "paths": {
      const { directorySource } = await import("../sources/directory.ts");
      const { include, exclude, gitignore } = settings;
      return directorySource({ ...place, paths: target.paths, include, exclude, gitignore });
    }
    case "stdin": {
      const { stdinSource } = await import("../sources/stdin.ts");
      return stdinSource(target.stream, target.name);
    }
    case "staged": {
      const { stagedSource } = await import("../sources/git-staged.ts");
      return filtered(stagedSource({ cwd: place.cwd }), settings.include, settings.exclude);
    }
    case "range": {
      const { rangeSource } = await import("../sources/git-range.ts");
      return filtered(rangeSource({ cwd: place.cwd, range: target.range }), settings.include, settings.exclude);
    }
    case "message": {
      const { messageSource } = await import("../sources/commit-message.ts");
      return messageSource(target.text);
    }
    case "push": {
      const { pushSource } = await import("../sources/git-push.ts");
      const { refs, remote } = target;
      return filtered(pushSource({ cwd: place.cwd, refs, remote }), settings.include, settings.exclude);
    }
  }
}
