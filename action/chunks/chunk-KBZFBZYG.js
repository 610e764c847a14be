import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{existsSync as n,readFileSync as i}from"node:fs";function o(t){for(let e of["./","../","../../dist/"]){let r=new URL(`${e}${t}`,import.meta.url);if(n(r))return r}return new URL(`./${t}`,import.meta.url)}function u(t){return i(o(t),"utf8")}export{o as a,u as b};
