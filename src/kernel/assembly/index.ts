// What the module offers to its host.
export { find, findMore } from "./find";
export { scan, scanMore } from "./scan";
export { base64, hex, utf16 } from "./convert";
