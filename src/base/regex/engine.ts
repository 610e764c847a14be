// Which engine there is on this machine → the engine in use: native RE2 if it loads, re2js otherwise.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { assetUrl } from "../assets.ts";
import { nativeEngine } from "./native.ts";
import type { NativeConstructor } from "./native.ts";
import { portableEngine } from "./portable.ts";
import type { PortableModule } from "./portable.ts";
import type { RegexEngine } from "./regex.ts";

const require = createRequire(import.meta.url);
const loaded = new Map<RegexEngine["name"], RegexEngine | undefined>();

/**
 * The engine to use, loaded on the first call and remembered. Without `prefer`: native `re2`, or `re2js` where that
 * does not load. With `prefer`, that one; a preferred native engine that does not load gives re2js.
 */
export function loadRegexEngine(prefer?: RegexEngine["name"]): RegexEngine {
  const native = prefer === "re2js" ? undefined : once("re2", loadNative);
  const engine = native ?? once("re2js", loadPortable);
  if (engine === undefined) throw new Error("neither re2 nor re2js could be loaded");
  return engine;
}

function once(name: RegexEngine["name"], load: () => RegexEngine | undefined): RegexEngine | undefined {
  if (!loaded.has(name)) loaded.set(name, load());
  return loaded.get(name);
}

function loadNative(): RegexEngine | undefined {
  try {
    return nativeEngine(require("re2") as NativeConstructor);
  } catch {
    return undefined; // an optional dependency: absent, or built for another Node
  }
}

function loadPortable(): RegexEngine {
  try {
    return portableEngine(require("re2js") as PortableModule);
  } catch {
    // A bundle without node_modules (the Action) has it as a file beside it.
    return portableEngine(require(fileURLToPath(assetUrl("re2js.cjs"))) as PortableModule);
  }
}
