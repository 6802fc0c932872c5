// As much of OpenAPI 3.1 as the box writes (webui/api/openapi).
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema;
  examples?: string[];
  enum?: string[];
  minimum?: number;
  maximum?: number;
  "x-data"?: Schema;
}

export interface Parameter { $ref?: string; name: string; in: string; description: string; required: boolean; schema: Schema }
export type Content = Record<string, { schema: Schema }>;
export interface Operation {
  summary: string;
  operationId: string;
  tags: string[];
  "x-right": string;
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description?: string; content?: Content }>;
}

export interface Description {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
  "x-codes": Record<string, string>;
}

/** The name of a type that a schema refers to. */
export const named = (s: Schema): string => s.$ref?.split("/").pop() ?? "";

/** A type in a few words, as its name or "string, date-time". */
export function inWords(s: Schema): string {
  if (s.$ref) return named(s);
  if (s.items) return `${inWords(s.items)}[]`;
  if (s.additionalProperties) return `{ name: ${inWords(s.additionalProperties)} }`;
  const limits = s.minimum !== undefined && s.maximum !== undefined ? `${s.minimum} to ${s.maximum}` : "";
  return [s.type ?? "any", s.format === "int64" ? "" : s.format, limits, s.enum?.join(" | ")].filter(Boolean).join(", ");
}

/** The types that a schema is made of. */
export const parts = (s: Schema): string[] =>
  s.$ref ? [named(s)] : [...(s.items ? parts(s.items) : []), ...(s.additionalProperties ? parts(s.additionalProperties) : []), ...(s["x-data"] ? parts(s["x-data"]) : [])];

/** A body that has every needed field of a type. */
export function sample(d: Description, s: Schema, deep = 0): unknown {
  const of = s.$ref ? d.components.schemas[named(s)] : s;
  if (!of || deep > 4) return null;
  if (of.properties) return Object.fromEntries((of.required ?? []).map((k) => [k, sample(d, of.properties?.[k] ?? {}, deep + 1)]));
  if (of.type === "string") return of.examples?.find(Boolean) ?? (of.format === "date-time" ? "2026-11-23T08:00:00Z" : "");
  return { array: [], boolean: false, integer: of.minimum ?? 0, number: 0, object: {} }[of.type ?? ""] ?? null;
}

/** How a program at a shell asks for it. */
export function curl(d: Description, method: string, path: string, op: Operation, origin: string): string {
  const query = op.parameters.filter((p) => p.in === "query" && p.required).map((p) => `${p.name}=${p.schema.enum?.[0] ?? "…"}`).join("&");
  const lines = [`curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`} '${origin}${path}${query && `?${query}`}'`];
  if (op["x-right"] !== "public") lines.push(`-H 'Authorization: Bearer pasokh_…'`);
  for (const p of op.parameters) if (p.in === "header" && p.required) lines.push(`-H '${p.name}: …'`);
  const [kind, body] = Object.entries(op.requestBody?.content ?? {})[0] ?? [];
  if (kind) lines.push(`-H 'Content-Type: ${kind}'`);
  if (body) lines.push(kind === "application/json" ? `-d '${JSON.stringify(sample(d, body.schema))}'` : "--data-binary @file");
  return lines.join(" \\\n  ");
}
