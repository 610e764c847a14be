import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{c as k}from"./chunk-SEIKTTZM.js";import{h as d,i as c,j as p,k as g,l as $,m as w,o as v,p as h,q as y}from"./chunk-YF6B2LAY.js";import"./chunk-KKGYIAUO.js";import{a as f}from"./chunk-3MBZ5WWZ.js";import{a as l}from"./chunk-TCQXRJK6.js";import"./chunk-HBQBF2OA.js";var m=/[\\`*_[\]<>&|#~$@]|:(?=\/\/)|(?<=www)\./gi;function s(e){return f(e).replace(m,"\\$&")}function O(e){return/^https:\/\/[^\s<>]+$/.test(e)?`<${f(e)}>`:s(e)}function x({reminder:e}){let{credential:n,providerName:t,state:o,owner:a,age:i}=e;return`| ${[n,t,d[o],c(e),p(i),a??""].map(s).join(" | ")} |`}function T(e){let{evidence:n,snoozedUntil:t}=e;return[`State: ${d[e.state]}${e.due===void 0?"":`; due ${c(e)}`}`,`Owner: ${v(e)}`,...e.leak?[]:[`Policy: ${g(e)}`],`Age: ${p(e.age)}`,...n===void 0?[]:[`Proof so far: ${$(n)}`],...t===void 0?[]:[`Closed early by a person; quiet until ${c({due:t})}`]]}function R({reminder:e}){let{playbook:n}=e;return[`### ${s(e.credential)}, round ${e.cycle}`,"",...T(e).map(t=>`- ${s(t)}`),...n.where===void 0?[]:[`- Where: ${O(n.where)}`],"",...h(e).map(t=>`- [ ] ${s(t)}`),"",`It closes on proof: ${s(y(e))}.`].join(`
`)}function b(e,n,t){return n.length===0?[]:[`## ${e}

${n.map(t).join(`

`)}`]}function j(e){let n=new Set,t="";for(let o of e.split(/\r?\n/))o.startsWith("### ")&&(t=o),/^- \[x\] /i.test(o)&&n.add(`${t}
${o.slice(6)}`);return n}function W(e,n){let t=j(n);if(t.size===0)return e;let o="";return e.split(`
`).map(i=>(i.startsWith("### ")&&(o=i),i.startsWith("- [ ] ")&&t.has(`${o}
${i.slice(6)}`)?`- [x] ${i.slice(6)}`:i)).join(`
`)}function q({rows:e},n=""){let t=e.filter(({reminder:r})=>r.open),o=e.flatMap(({reminder:r})=>{let u=k(r);return u===void 0?[]:[`- ${s(r.credential)}: ${s(w(u))}`]}),a=["| credential | provider | state | due | age | owner |","| --- | --- | --- | --- | --- | --- |"],i=["# Rotation of credentials","keywarden writes this page anew on every `keywarden rotation remind`; ticked boxes stay. Where a leak stands: `keywarden rotation status`.",`${l(e.length,"credential")}, ${t.length===0?"none needs anybody now":`${l(t.length,"needs","need")} somebody now`}.`,...e.length===0?[]:[[...a,...e.map(x)].join(`
`)],...b("To do",t,R),...o.length===0?[]:[`## Closed

${o.join(`
`)}`]].join(`

`);return W(`${i}
`,n)}export{q as renderMarkdown};
