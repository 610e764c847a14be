import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);
function d(e){let t=Buffer.from(e.buffer,e.byteOffset,e.length),r=t.indexOf(`

`),i=r<0?t.length:r,s=u(t.toString("latin1",0,i)),a=s.find(([n])=>n==="author")?.[1];return{parents:s.filter(([n])=>n==="parent").map(([,n])=>n),...a===void 0?{}:l(Buffer.from(a,"latin1").toString("utf8")),message:t.subarray(Math.min(i+2,t.length)),tagMessages:s.filter(([n,o])=>n==="mergetag"&&o.includes(`

`)).map(([,n])=>Buffer.from(n.slice(n.indexOf(`

`)+2),"latin1"))}}function u(e){return e.replaceAll(`
 `,`
\0`).split(/\n(?!\0)/).map(t=>{let r=t.indexOf(" ");return[t.slice(0,r),t.slice(r+1).replaceAll(`
\0`,`
`)]})}function l(e){let t=/^(.*>) (-?\d+) ([+-])(\d\d)(\d\d)$/s.exec(e);if(t===null)return{author:e};let[,r="",i,s="+",a="00",n="00"]=t,o=(Number(a)*60+Number(n))*6e4*(s==="-"?-1:1),f=new Date(Number(i)*1e3+o);return Number.isNaN(f.getTime())?{author:r}:{author:r,date:`${f.toISOString().slice(0,-5)}${s}${a}:${n}`}}export{d as a};
