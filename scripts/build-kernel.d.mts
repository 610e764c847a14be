// Types of build-kernel.mjs, for the tests that compile the kernel in memory.

/** Compiles the kernel in memory and returns the module's bytes; throws with the compiler's words when it fails. */
export function compileKernel(): Promise<Uint8Array>;
