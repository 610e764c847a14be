import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
function s(e){let d={};for(let n of Object.keys(e)){let i=e[n];i!==void 0&&(d[n]=i)}return d}export{s as a};
