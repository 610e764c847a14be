import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
function n(e){return e instanceof Error&&"code"in e&&typeof e.code=="string"}export{n as a};
