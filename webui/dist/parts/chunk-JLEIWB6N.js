import{c as i}from"./chunk-2XRHXPDD.js";import{f as p}from"./chunk-J4CWY45I.js";var o=p(null),e=async()=>{o.value=await i("/api/appliance")};export{o as a,e as b};
