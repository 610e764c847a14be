import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{b as a}from"./chunk-SEIKTTZM.js";import"./chunk-KKGYIAUO.js";import{c as o}from"./chunk-3MBZ5WWZ.js";import"./chunk-HBQBF2OA.js";var c=1;function p({reminder:t,since:r}){let{credential:n,closesHeardUntil:s,closedEarly:i,...e}=t;return{id:n,...e,since:r}}function R(t){let r={schemaVersion:c,at:t.at,summary:{credentials:t.rows.length,open:t.rows.filter(({reminder:e})=>e.open).length,states:a(t)}},n=t.rows.map(e=>o(p(e),0)),s=Object.entries(r).map(([e,l])=>`  ${o(e,0)}: ${o(l,0)},`),i=n.length===0?"[]":`[
    ${n.join(`,
    `)}
  ]`;return["{",...s,`  "credentials": ${i}`,"}",""].join(`
`)}export{R as renderRotationJson,c as rotationReportVersion};
