import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{a as r}from"./chunk-KBZFBZYG.js";import{readFileSync as e}from"node:fs";function t(){let n=e(new URL("../package.json",r("rules.json")),"utf8");return JSON.parse(n).version}export{t as a};
