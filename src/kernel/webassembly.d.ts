// The part of the WebAssembly interface that the kernel uses; neither ES2023 nor @types/node 20 declares it.

declare namespace WebAssembly {
  class Module {
    private readonly module: undefined;
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  function validate(bytes: Uint8Array): boolean;
}
