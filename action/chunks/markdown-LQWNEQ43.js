import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{h as d,i as c,j as p,k as u,l as g,m as $,o as w,p as v,q as h}from"./chunk-OO2BG33A.js";import{a as f}from"./chunk-2U3IYF4F.js";import{a as l}from"./chunk-TCQXRJK6.js";import"./chunk-HBQBF2OA.js";var y=/[\\`*_[\]<>&|#~$@]|:(?=\/\/)/g;function r(e){return f(e).replace(y,"\\$&")}function k(e){return/^https:\/\/[^\s<>]+$/.test(e)?`<${f(e)}>`:r(e)}function O({reminder:e}){let{credential:n,providerName:t,state:o,owner:a,age:i}=e;return`| ${[n,t,d[o],c(e),p(i),a??""].map(r).join(" | ")} |`}function x(e){let{evidence:n,snoozedUntil:t}=e;return[`State: ${d[e.state]}${e.due===void 0?"":`; due ${c(e)}`}`,`Owner: ${w(e)}`,...e.leak?[]:[`Policy: ${u(e)}`],`Age: ${p(e.age)}`,...n===void 0?[]:[`Proof so far: ${g(n)}`],...t===void 0?[]:[`Closed early by a person; quiet until ${c({due:t})}`]]}function T({reminder:e}){let{playbook:n}=e;return[`### ${r(e.credential)}, round ${e.cycle}`,"",...x(e).map(t=>`- ${r(t)}`),...n.where===void 0?[]:[`- Where: ${k(n.where)}`],"",...v(e).map(t=>`- [ ] ${r(t)}`),"",`It closes on proof: ${r(h(e))}.`].join(`
`)}function m(e,n,t){return n.length===0?[]:[`## ${e}

${n.map(t).join(`

`)}`]}function R(e){let n=new Set,t="";for(let o of e.split(/\r?\n/))o.startsWith("### ")&&(t=o),/^- \[x\] /i.test(o)&&n.add(`${t}
${o.slice(6)}`);return n}function b(e,n){let t=R(n);if(t.size===0)return e;let o="";return e.split(`
`).map(i=>(i.startsWith("### ")&&(o=i),i.startsWith("- [ ] ")&&t.has(`${o}
${i.slice(6)}`)?`- [x] ${i.slice(6)}`:i)).join(`
`)}function C({rows:e},n=""){let t=e.filter(({reminder:s})=>s.open),o=e.filter(({reminder:s})=>!s.open&&s.proof!==void 0),a=["| credential | provider | state | due | age | owner |","| --- | --- | --- | --- | --- | --- |"],i=["# Rotation of credentials","keywarden writes this page anew on every `keywarden rotation remind`; ticked boxes stay. Where a leak stands: `keywarden rotation status`.",`${l(e.length,"credential")}, ${t.length===0?"none needs anybody now":`${l(t.length,"needs","need")} somebody now`}.`,...e.length===0?[]:[[...a,...e.map(O)].join(`
`)],...m("To do",t,T),...o.length===0?[]:[`## Closed

${o.map(({reminder:s})=>`- ${r(s.credential)}: ${r(s.proof===void 0?"":$(s.proof))}`).join(`
`)}`]].join(`

`);return b(`${i}
`,n)}export{C as renderMarkdown};
