import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{e as a,f as b}from"./chunk-EAAC2GJC.js";import"./chunk-M5RV55T6.js";import"./chunk-ZVEBW24X.js";import"./chunk-AEPG2VZU.js";import"./chunk-3Q3633OV.js";import"./chunk-7NGPMOE6.js";import"./chunk-A3EYZZSD.js";import"./chunk-HBQBF2OA.js";export{a as parseConfig,b as staysInside};
