// The reference of the interface: every operation with what it takes and gives, and how to
// ask for it from a shell. #/api/Name shows a type.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get } from "../client";
import { language } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { referenceWords } from "../words/reference";
import { type Content, curl, type Description, inWords, type Operation, type Parameter, parts, type Schema } from "./openapi";

export function ReferencePlace({ path }: { path: string[] }) {
  const description = useSignal<Description | null>(null);
  const wanted = useSignal("");
  const { error, run } = useAction();
  useEffect(() => void run(async () => (description.value = await get<Description>("/api/openapi.json"))), []);
  const w = referenceWords[language.value];
  const d = description.value;
  if (!d) return <Fault error={error.value} />;
  const type = d.components.schemas[path[0] ?? ""];
  if (type) return <div class="stack reference"><Card id="api-type" title={path[0] ?? ""}><a href="#/api">{w.back}</a><div dir="ltr" lang="en"><Type schema={type} /></div></Card></div>;
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, { method: string; path: string; op: Operation }[]>();
  for (const [at, methods] of Object.entries(d.paths))
    for (const [method, op] of Object.entries(methods)) {
      if (!words.every((x) => `${method} ${at} ${op.summary} ${op["x-right"]}`.toLowerCase().includes(x))) continue;
      const tag = op.tags[0] ?? "";
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path: at, op }]);
    }
  return (
    <div class="stack reference">
      <Card id="api-preface" title="OpenAPI">
        {w.english && <p>{w.english}</p>}
        <div dir="ltr" lang="en">{d.info.description.split("\n\n").map((p) => <p key={p}>{p}</p>)}</div>
        <a href="/api/openapi.json" download="pasokh-openapi.json" data-testid="api-file">{w.file}</a>
        <label class="field"><span>{w.search}</span><input type="search" data-testid="api-search" onInput={(e) => (wanted.value = e.currentTarget.value)} /></label>
      </Card>
      {groups.size === 0 && <Empty>{w.none}</Empty>}
      {[...groups].map(([tag, list]) => (
        <Card id={`api-${tag}`} title={tag} key={tag}>
          {list.map((o) => <One key={`${o.method} ${o.path}`} d={d} {...o} />)}
        </Card>
      ))}
      <Card id="api-codes" title={w.codes}>
        <dl dir="ltr" lang="en">{Object.entries(d["x-codes"]).map(([code, text]) => <div key={code}><dt><code>{code}</code></dt><dd>{text}</dd></div>)}</dl>
      </Card>
    </div>
  );
}

function One({ d, method, path, op }: { d: Description; method: string; path: string; op: Operation }) {
  const w = referenceWords[language.value];
  const right = { public: w.open, account: w.session }[op["x-right"]] ?? w.right(op["x-right"]);
  const given = op.parameters.filter((p) => !p.$ref);
  const open = useSignal(false);
  return (
    <details data-testid={`api-${op.operationId}`} onToggle={(e) => (open.value = e.currentTarget.open)}>
      <summary><code dir="ltr"><b class={`method ${method}`}>{method.toUpperCase()}</b> {path}</code> <span dir="ltr" lang="en">{op.summary}</span> <span class="tag">{right}</span></summary>
      {open.value && (
        <div class="told">
          {given.length > 0 && <><h3>{w.parameters}</h3><Parameters list={given} /></>}
          {op.requestBody && <><h3>{w.body}</h3><Bodies content={op.requestBody.content} /></>}
          <h3>{w.answer}</h3>
          {Object.entries(op.responses).map(([status, r]) => r.content && <div key={status} dir="ltr"><code>{status}</code> <Bodies content={r.content} /></div>)}
          <h3>{w.example}</h3>
          <pre dir="ltr">{curl(d, method, path, op, location.origin)}</pre>
        </div>
      )}
    </details>
  );
}

const Parameters = ({ list }: { list: Parameter[] }) => (
  <dl dir="ltr" lang="en">
    {list.map((p) => <div key={p.name}><dt><code>{p.name}</code> <small>{p.in}, {inWords(p.schema)}{p.required && <b> {referenceWords[language.value].needed}</b>}</small></dt><dd>{p.description}</dd></div>)}
  </dl>
);

const Bodies = ({ content }: { content: Content }) => (
  <span dir="ltr" lang="en">{Object.entries(content).map(([kind, { schema }]) => <span key={kind}><small>{kind}</small> <Link schema={schema["x-data"] ?? schema} /></span>)}</span>
);

/** A type by its name, which leads to what it is made of. */
function Link({ schema }: { schema: Schema }) {
  const to = parts(schema)[0];
  const text = <code>{inWords(schema)}</code>;
  return to ? <a href={`#/api/${to}`}>{text}</a> : text;
}

const Type = ({ schema }: { schema: Schema }) => (
  <>
    {schema.description && <p>{schema.description}</p>}
    <dl>
      {Object.entries(schema.properties ?? {}).map(([name, s]) => (
        <div key={name}>
          <dt><code>{name}</code> <small><Link schema={s} />{!schema.required?.includes(name) && `, ${referenceWords[language.value].optional}`}</small></dt>
          <dd>{s.description} {s.examples && <small>{s.examples.filter(Boolean).join(" · ")}</small>}</dd>
        </div>
      ))}
    </dl>
  </>
);
