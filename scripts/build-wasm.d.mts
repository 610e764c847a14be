// Types of build-wasm.mjs, for the tests that compile the modules in memory.

/** Compiles the matcher in memory and returns the module's bytes; throws with the compiler's words when it fails. */
export function compileKernel(): Promise<Uint8Array>;

/** The same for the unpacker of git's packs. */
export function compileUnpacker(): Promise<Uint8Array>;
