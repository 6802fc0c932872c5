// Reads the description of the interface and answers of the box: is the description valid
// OpenAPI, and is every answer what it says? Nothing may be in an answer that it does not
// tell of. Prints what is wrong, a line each.
//
//   node openapi.mjs openapi.json answers.json
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const spec = read(process.argv[2]);
const { valid, errors } = await new Validator().validate(structuredClone(spec));
if (!valid) console.log("not OpenAPI:", JSON.stringify(errors));

const strict = (node) => {
  if (node === null || typeof node !== "object") return;
  if (node.properties) node.additionalProperties = false;
  Object.values(node).forEach(strict);
};
strict(spec.components.schemas);
const ajv = new Ajv.default({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(spec, "spec");

const pointer = (path) => path.map((p) => encodeURIComponent(p.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
for (const { path, method, status, kind, body } of read(process.argv[3])) {
  const operation = spec.paths[path]?.[method];
  const where = `${method} ${path} ${status}`;
  if (!operation) {
    console.log(where, "is not described");
    continue;
  }
  const told = operation.responses[status]?.content;
  const at = told ? ["paths", path, method, "responses", status] : ["components", "responses", "Refused"];
  if (status === "200" && !told?.[kind]) console.log(where, `is ${kind}, and described as`, Object.keys(told ?? {}).join());
  else if (kind === "application/json") {
    const check = ajv.getSchema(`spec#/${pointer([...at, "content", kind, "schema"])}`);
    if (!check(JSON.parse(body)))
      for (const e of check.errors) console.log(where, e.instancePath, e.message, JSON.stringify(e.params));
  } else if (kind === "text/event-stream" && told[kind].schema["x-data"]) {
    const check = ajv.getSchema(`spec#/${pointer([...at, "content", kind, "schema", "x-data"])}`);
    const data = body.split("\n").filter((l) => l.startsWith("data: "));
    if (!data.length) console.log(where, "has no events");
    for (const d of data)
      if (!check(JSON.parse(d.slice(6))))
        for (const e of check.errors) console.log(where, e.instancePath, e.message, JSON.stringify(e.params));
  }
}
