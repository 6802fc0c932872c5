import{c as i}from"./chunk-MLM4IIMY.js";import{f as p}from"./chunk-ZFDY2AIE.js";var o=p(null),e=async()=>{o.value=await i("/api/appliance")};export{o as a,e as b};
