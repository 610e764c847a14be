// Secrets in the names of branches and tags: found, told of under the masked name, and shown by no format.

import { afterAll, expect, test } from "vitest";

import { formatReport } from "../../src/index.ts";
import { auditOf, fingerprintsOf, toldOf } from "../helpers/audit-rig.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("ofself.access-token", `ref names ${seed}`);

test("a branch, a lightweight and an annotated tag, a ref to a blob", async () => {
  const repo = GitRepo.create();
  repo.commit("one", { "a.txt": `T=${token("file")}\n` });
  const tokens = ["file", "branch", "tag", "annotated", "blob"].map(token);
  repo.git("branch", `leak/${token("branch")}`);
  repo.git("tag", `v/${token("tag")}`);
  repo.git("tag", "-a", "-m", "words", `w/${token("annotated")}`);
  repo.git("update-ref", `refs/other/${token("blob")}`, repo.git("rev-parse", "main:a.txt"));
  const report = await auditOf(repo.dir);
  const prints = await fingerprintsOf(tokens);
  const told = (seed: string) => {
    const found = report.verdicts.find(({ finding }) => finding.fingerprint === prints.get(token(seed)));
    return found === undefined ? undefined : toldOf(found.finding, (commit) => commit);
  };
  const shown = (before: string) => expect.stringContaining(before) as string;
  expect(told("branch")).toMatchObject({
    exposure: "tip",
    tips: [shown("branch:1:leak/ofs_access_")],
    refs: [shown("branch:1:leak/ofs_access_")],
    places: [shown("refs/heads/leak/ofs_access_")],
  });
  expect(told("branch")?.introduced).toBeUndefined();
  expect(told("tag")).toMatchObject({ exposure: "history", places: [shown("refs/tags/v/ofs_access_")] });
  expect(told("annotated")?.places).toEqual([shown(" (author)"), shown("refs/tags/w/ofs_access_")]);
  expect(told("blob")).toMatchObject({ exposure: "history", places: [shown("refs/other/ofs_access_")] });
  // The secret of the file is told of as without them: each ref once.
  expect(told("file")).toMatchObject({ exposure: "tip", tips: [shown("branch:2:leak/ofs_access_")] });
  expect(report.verdicts).toHaveLength(tokens.length);
  for (const format of ["terminal", "json", "sarif", "csv", "gitlab"] as const)
    expect([format, leaksIn(formatReport(report, format, { verbose: true }), tokens)]).toEqual([format, []]);
});

test("in a narrow scope the name of another branch is not told of, and not shown", async () => {
  const repo = GitRepo.create();
  repo.commit("one", { "a.txt": `T=${token("file")}\n` });
  repo.git("checkout", "-q", "-b", token("aside"));
  repo.commit("aside");
  const report = await auditOf(repo.dir, { refs: ["main"], worktree: false });
  expect(report.verdicts).toHaveLength(1);
  expect(leaksIn(formatReport(report, "json"), [token("aside")])).toEqual([]);
});
