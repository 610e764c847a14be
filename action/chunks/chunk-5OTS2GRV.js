import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
import{C as w,E as j,K as G,N as V,b as g,c as p,j as $,k as y,l as O,p as k,r as b,t as h,u as x,x as R,y as u}from"./chunk-IFJTLRRE.js";import{a as T}from"./chunk-3MBZ5WWZ.js";import{a as l}from"./chunk-TCQXRJK6.js";var v={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&apos;"};function d(e){return T(e).replace(/[\ufffe\uffff]/g,"\uFFFD").replace(/[&<>"']/g,s=>v[s]??s)}function c(e){return Object.entries(e).map(([s,n])=>` ${s}="${d(String(n))}"`).join("")}function P(e,s){let{finding:n}=e,t=n.occurrences.slice(0,V).map(i=>`at ${p(i)}`),o=n.occurrences.length-t.length,r=s.rule(n.rule);return[...t,...o>0?[`and ${l(o,"more place")}`]:[],...G(n).map(([i,m])=>i===""?m:`${i}: ${m}`),...r===void 0?[]:[r.what,r.risk],b(n),...k(r).map((i,m)=>`${m+1}. ${i}`)].map(d).join(`
`)}function S(e,s){let{finding:n,decision:t,suppressed:o}=e,r=x(e,s);if(o!==void 0)return`<skipped${c({message:h(o)})}/>`;let f=P(e,s);return t==="block"?`<failure${c({type:n.severity,message:r})}>${f}</failure>`:`<system-out>${d(r)}
${f}</system-out>`}function U(e,s){let{finding:n}=e,t=n.occurrences[0],o=t===void 0?{}:{file:g(t),line:t.line},r=`${O(n,s)} ${n.secret.masked}${t===void 0?"":` at ${p(t)}`}`;return`    <testcase${c({classname:n.rule,name:r,...o,time:0})}>${S(e,s)}</testcase>
`}function C(e){let s=`${$[e.kind]}${e.path===void 0?"":`: ${e.path}`}`,n=`<error${c({type:e.kind,message:e.message})}>${d(e.hint??"")}</error>`;return`    <testcase${c({classname:"keywarden.coverage",name:s,time:0})}>${n}</testcase>
`}function F(e){let s=c({classname:"keywarden.coverage",name:u(e),time:0}),n=`<error${c({type:e.kind,message:u(e)})}>${d(R(e))}</error>`;return e.incomplete?`    <testcase${s}>${n}</testcase>
`:`    <testcase${s}/>
`}function E(e,s){let n=y(e),t=j(e,s),{unseen:o=[]}=e.coverage,r=[...t.map(a=>U(a,n)),...e.problems.map(C),...o.map(F)],f=`    <testcase${c({classname:"keywarden",name:w(e),time:0})}/>
`,i=r.length===0?[f]:r,m=c({tests:i.length,failures:t.filter(a=>a.decision==="block"&&a.suppressed===void 0).length,errors:e.problems.length+o.filter(({incomplete:a})=>a).length,skipped:t.filter(a=>a.suppressed!==void 0).length,time:0});return[`<?xml version="1.0" encoding="UTF-8"?>
`,`<testsuites name="keywarden"${m}>
`,`  <testsuite name="keywarden"${m}>
`,...i,`  </testsuite>
`,`</testsuites>
`].join("")}export{d as a,E as b};
