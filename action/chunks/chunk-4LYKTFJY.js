import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
function t(r,n){return r===n?0:r<n?-1:1}export{t as a};
