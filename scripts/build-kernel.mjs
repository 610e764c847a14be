// AssemblyScript in src/kernel/assembly → dist/kernel.wasm. Run: node scripts/build-kernel.mjs [output file]
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const entry = "src/kernel/assembly/index.ts";

/** Compiles the kernel in memory and returns the module's bytes; throws with the compiler's words when it fails. */
export async function compileKernel() {
  let binary;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      entry,
      "--baseDir",
      root,
      "--outFile",
      "kernel.wasm",
      "--enable",
      "simd",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
    ],
    {
      stdout: asc.createMemoryStream(),
      stderr,
      writeFile(_name, content) {
        binary = content;
      },
    },
  );
  if (error || binary === undefined) throw new Error(`the kernel does not compile\n${stderr.toString()}`);
  return binary;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const target = resolve(root, process.argv[2] ?? "dist/kernel.wasm");
  const binary = await compileKernel();
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, binary);
  process.stdout.write(`${target}: ${binary.length} bytes\n`);
}
