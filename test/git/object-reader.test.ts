// Objects by names of any kind, through a real `git cat-file --batch`.

import { afterAll, expect, test } from "vitest";
import { ObjectReader } from "../../src/base/git/cat-file.ts";
import { GitRepo, gitTestEnv, removeTemporary } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

test("a name with spaces that is not there is missing, and what follows it is still read (it waited for ever)", async () => {
  const repo = GitRepo.create();
  repo.commit("first", { "a.txt": "hello\n", "b c.txt": "spaces\n" });
  const names = ["HEAD:not there 12.txt", "HEAD:b c.txt", "HEAD:a blob 7", "HEAD:a.txt"];
  const reader = new ObjectReader({ cwd: repo.dir, repository: "discover", env: gitTestEnv });
  const answers: string[] = [];
  for await (const answer of reader.read(names))
    answers.push(answer.kind === "missing" ? answer.why : Buffer.from(answer.bytes ?? []).toString("utf8"));
  reader.close();
  expect(answers).toEqual(["missing", "spaces\n", "missing", "hello\n"]);
});
