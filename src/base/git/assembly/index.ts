// What the module offers to src/base/git/unpacker.ts.
export { control, floor } from "./control";
export { crc32 } from "./checksums";
export { inflate } from "./inflate";
export { header } from "./entry";
export { applyDelta, deltaSize } from "./delta";
export { findZones, setMargin, writeSketch } from "./zones";
export { readCommit } from "./commit";
export { mark, nameKey, namesSeen, placeOf, readTree, useIds, useNames, useWanted, wantName } from "./tree";
