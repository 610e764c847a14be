// Minutes in, whether audits of damaged packs and indexes crash, hang or lose objects without a word out; exit 1 if so.
// Run: npm run build && node scripts/run.mjs bench/fuzz-packs.ts [MINUTES] [FIRST SEED]

import process from "node:process";
import { makeSubject, removeFolder, tryDamage } from "../test/helpers/pack-fuzz.ts";

const [minutes = "10", first = String(Date.now() % 1e9)] = process.argv.slice(2);
const end = Date.now() + Number(minutes) * 60_000;
const trialsEach = 25;
let trials = 0;
let bad = 0;
let most = 0;
let seed = Number(first);
process.stdout.write(`first seed ${seed}\n`);
for (; Date.now() < end; seed++) {
  const subject = await makeSubject(seed);
  for (let trial = 0; trial < trialsEach && Date.now() < end; trial++) {
    const { deeds, faults, mebibytes } = await tryDamage(subject, seed * trialsEach + trial);
    trials++;
    most = Math.max(most, mebibytes);
    if (faults.length === 0) continue;
    bad++;
    process.stdout.write(`subject ${seed}, trial ${trial}:\n  ${[...deeds, ...faults.slice(0, 6)].join("\n  ")}\n`);
  }
  removeFolder(subject.dir);
}
process.stdout.write(`${trials} damaged repositories, ${bad} with faults, at most ${Math.round(most)} MiB\n`);
process.exitCode = bad === 0 ? 0 : 1;
