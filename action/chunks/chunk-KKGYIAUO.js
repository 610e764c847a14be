import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
var e=["fresh","due-soon","overdue","leaked","rotating","rotated","exempt","unknown-age"],n=["provider","token","declared","watch","store","history","proof","none"],r=["exact","at-least","unknown"];export{e as a,n as b,r as c};
