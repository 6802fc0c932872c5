import{c as i}from"./chunk-XMBOSUQT.js";import{f as p}from"./chunk-BX64U67Z.js";var o=p(null),e=async()=>{o.value=await i("/api/appliance")};export{o as a,e as b};
