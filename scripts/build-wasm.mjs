// AssemblyScript in src/kernel/assembly and src/base/git/assembly → kernel.wasm and unpack.wasm.
// Run: node scripts/build-wasm.mjs [output folder]
import { mkdir, writeFile } from "node:fs/promises";
import { join, dirname, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const entries = { kernel: "src/kernel/assembly/index.ts", unpack: "src/base/git/assembly/index.ts" };

/** Compiles a module in memory and returns its bytes; throws with the compiler's words when it fails. */
async function compile(name) {
  let binary;
  const stderr = asc.createMemoryStream();
  const options = ["--enable", "simd", "-O3", "--noAssert", "--runtime", "stub"];
  const { error } = await asc.main([entries[name], "--baseDir", root, "--outFile", `${name}.wasm`, ...options], {
    stdout: asc.createMemoryStream(),
    stderr,
    writeFile(_name, content) {
      binary = content;
    },
  });
  if (error || binary === undefined) throw new Error(`${entries[name]} does not compile\n${stderr.toString()}`);
  return binary;
}

/** The matcher, as bytes. */
export function compileKernel() {
  return compile("kernel");
}

/** The unpacker of git's packs, as bytes. */
export function compileUnpacker() {
  return compile("unpack");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = resolve(root, process.argv[2] ?? "dist");
  await mkdir(folder, { recursive: true });
  for (const name of Object.keys(entries)) {
    const binary = await compile(name);
    await writeFile(join(folder, `${name}.wasm`), binary);
    process.stdout.write(`${join(folder, `${name}.wasm`)}: ${binary.length} bytes\n`);
  }
}
