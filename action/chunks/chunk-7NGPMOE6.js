import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
var e=["info","low","medium","high","critical"],r=["low","medium","high"];export{e as a,r as b};
