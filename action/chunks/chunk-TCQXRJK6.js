import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
function u(r,n,t=`${n}s`){return`${e(r)} ${r===1?n:t}`}function e(r){return String(r).replace(/\B(?=(?:\d{3})+$)/g,",")}export{u as a,e as b};
