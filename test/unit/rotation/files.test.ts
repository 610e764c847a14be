// Ledger and inventory in a root: whose key, who may write, what stays as it was.

import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { ownKey } from "../../../src/pipeline/own-key.ts";
import { adoptInto, initInventory, readInventory } from "../../../src/pipeline/rotation/inventory-file.ts";
import { ledgerKey, readLedger, updateLedger } from "../../../src/pipeline/rotation/ledger-file.ts";
import { serialiseLedger } from "../../../src/rotation/ledger.ts";
import { inventorySample } from "../../../src/rotation/sample.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { fingerprintOf, ledgerCredential } from "../../helpers/rotation-samples.ts";

afterAll(removeTemporary);

const context = { now: new Date("2026-11-28T12:00:00Z"), providers: ["stripe"] };
const env = { KEYWARDEN_KEY: "k".repeat(32) };
const id = ownKey(temporaryFolder(), env).id;

let root: string;
let ledger: string;

beforeEach(() => {
  root = temporaryFolder();
  ledger = join(root, ".keywarden/ledger.json");
});

const inFolder = (): string[] => readdirSync(join(root, ".keywarden")).sort();

function put(text: string): void {
  mkdirSync(join(root, ".keywarden"), { recursive: true });
  writeFileSync(ledger, text);
}

const addOne = (name: string, given: NodeJS.ProcessEnv = env): Promise<string> =>
  updateLedger(root, given, (before) => ({
    ledger: { ...before, credentials: [...before.credentials, ledgerCredential({ id: name })] },
    result: name,
  }));

describe("the ledger", () => {
  test("is empty where there is none, and reading makes nothing", () => {
    expect(readLedger(root, env)).toEqual({ version: 1, key: id, credentials: [] });
    expect(readLedger(root, {}).key).toBe("default");
    expect(readdirSync(root)).toEqual([]);
  });

  test("is written under the run's own key, and what is read is what was written", async () => {
    expect(await addOne("a")).toBe("a");
    await Promise.all(["d", "c", "b"].map((name) => addOne(name)));
    expect(readLedger(root, env).credentials.map((one) => one.id)).toEqual(["a", "b", "c", "d"]);
    expect(inFolder()).toEqual(["ledger.json"]);
  });

  test("is never written with the published key: a salt is made first", async () => {
    await addOne("a", { KEYWARDEN_KEY: " " });
    expect(inFolder()).toEqual(["ledger.json", "salt"]);
    expect(readLedger(root, {}).key).toMatch(/^[0-9a-f]{8}$/);
    expect(ledgerKey(root, {}).id).toBe(readLedger(root, {}).key);
    expect(readFileSync(ledger, "utf8")).not.toContain("default");
  });

  test("is not made for nothing, and not touched where nothing changed", async () => {
    await updateLedger(root, env, (before) => ({ ledger: before, result: 0 }));
    expect(existsSync(ledger)).toBe(false);
    await addOne("a");
    const text = readFileSync(ledger, "utf8");
    await updateLedger(root, env, (before) => ({ ledger: { ...before }, result: 0 }));
    expect(readFileSync(ledger, "utf8")).toBe(text);
  });

  const good = serialiseLedger({ version: 1, key: id, credentials: [ledgerCredential({ id: "a" })] });

  test.each<[what: string, text: string, given: NodeJS.ProcessEnv, says: RegExp]>([
    ["is cut off", good.slice(0, 60), env, /ledger\.json:\d+:\d+: not valid JSON/],
    ["is empty", "", env, /not valid JSON/],
    ["holds conflict marks", `<<<<<<< ours\n${good}=======\n${good}>>>>>>> theirs\n`, env, /git's conflict marks/],
    ["is newer than this program", good.replace('"version": 1', '"version": 9'), env, /written by a newer keywarden/],
    [
      "was made with another key",
      good,
      { KEYWARDEN_KEY: "o".repeat(32) },
      /made with the key [0-9a-f]{8}, and this run uses the key/,
    ],
  ])("that %s is reported and kept", async (_, text, given, says) => {
    put(text);
    await expect(addOne("b", given)).rejects.toThrow(says);
    await expect(addOne("b", given)).rejects.toThrow(ConfigError);
    expect(() => readLedger(root, given)).toThrow(says);
    expect([readFileSync(ledger, "utf8"), inFolder()]).toEqual([text, ["ledger.json"]]);
  });

  test.skipIf(process.platform === "win32")(
    "behind a link that leads out is refused before a salt is made",
    async () => {
      const outside = temporaryFolder();
      symlinkSync(outside, join(root, ".keywarden"));
      await expect(addOne("a", {})).rejects.toThrow(UsageError);
      expect(() => readLedger(root, env)).toThrow("leads outside the root");
      expect(readdirSync(outside)).toEqual([]);
    },
  );
});

describe("the inventory", () => {
  test("init writes the sample once", async () => {
    expect(await initInventory(root)).toBe(true);
    const file = join(root, ".keywarden/rotation.yml");
    expect(readFileSync(file, "utf8")).toBe(inventorySample);
    writeFileSync(file, "version: 1\n");
    expect(await initInventory(root)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("version: 1\n");
  });

  test("adopting twice, and twice at once, adds each once", async () => {
    const finding = (seed: number) => ({
      kind: "finding" as const,
      fingerprint: fingerprintOf(seed),
      provider: "stripe",
      rule: "stripe.live-key",
      severity: "high" as const,
      places: [],
      mayBeOlder: true,
      at: "2026-11-28T12:00:00Z",
    });
    const adopted = await Promise.all(
      [[1, 2], [2, 3], [1]].map((seeds) => adoptInto(root, seeds.map(finding), context)),
    );
    expect(adopted.flat()).toHaveLength(3);
    expect(
      readInventory(root, context)
        .credentials.flatMap(({ fingerprints }) => fingerprints)
        .toSorted(),
    ).toEqual([1, 2, 3].map(fingerprintOf).sort());
  });

  test("none is an empty one; a wrong one is named with its file and kept", async () => {
    expect(readInventory(root, context).credentials).toEqual([]);
    mkdirSync(join(root, ".keywarden"));
    writeFileSync(join(root, ".keywarden/rotation.yml"), "version: 1\ncredential: []\n");
    expect(() => readInventory(root, context)).toThrow(
      ".keywarden/rotation.yml:2:1: unknown key: did you mean credentials?",
    );
    await expect(adoptInto(root, [], context)).rejects.toThrow(ConfigError);
    expect(readFileSync(join(root, ".keywarden/rotation.yml"), "utf8")).toBe("version: 1\ncredential: []\n");
  });
});
