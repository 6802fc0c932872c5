// The form of one thing, made from its description.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Kind, Names, Overtaken, Reference, ThingView, Wrong } from "../api";
import { change, get, Refused } from "../client";
import { aside, digits, language } from "../language";
import { Fault, useAction } from "../parts";
import { onTrial, staying } from "../store";
import { settingsWords } from "../words/settings";
import { thingWords } from "../words/things";
import { Changes } from "./changes";
import { idOf, Input } from "./input";
import { kindOf, saved, told } from "./known";
import { read, same, type Tree, write } from "./tree";

/** id is empty of a new one. */
export function Form({ kind, id }: { kind: Kind; id: string }) {
  const w = thingWords[language.value];
  const base = useSignal<{ revision: number; value: Tree } | null>(null); // what the form began with
  const draft = useSignal<Tree>({});
  const uses = useSignal<Reference[]>([]);
  const names = useSignal<Names["names"]>({});
  const wrong = useSignal<Wrong["fields"]>([]);
  const overtaken = useSignal<Overtaken | null>(null);
  const merged = useSignal(false);
  const round = useSignal(0); // of inputs: they begin anew with what was loaded
  const sure = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const { busy, error, run } = useAction();
  const dirty = useComputed(() => base.value !== null && !same(base.value.value, draft.value));
  const path = `/api/things/${kind.id}`;
  const one = `${path}/${encodeURIComponent(id)}`;

  const show = (v: ThingView) => {
    base.value = { revision: v.revision, value: v.thing.value as Tree };
    draft.value = v.thing.value as Tree;
    uses.value = v.uses;
    onTrial.value = v.trial ?? null;
    wrong.value = [];
    overtaken.value = null;
    merged.value = false;
    round.value++;
  };
  const load = () => void run(async () => {
    names.value = (await get<Names>("/api/names")).names;
    if (id) return show(await get<ThingView>(one));
    base.value = { revision: (await get<{ revision: number }>(path)).revision, value: {} };
  });
  useEffect(load, []);
  useEffect(() => {
    staying.value = dirty.value ? () => confirm(thingWords[language.value].unsaved) : null;
  }, [dirty.value]);
  useEffect(() => () => void (staying.value = null), []);

  /** What the box refused, at its fields. */
  const judged = async (work: () => Promise<void>) => {
    wrong.value = [];
    saved.value = "";
    merged.value = false;
    try {
      await work();
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      if (e.status === 412) return void (overtaken.value = e.body as Overtaken);
      const fields = (e.body as Partial<Wrong> | null)?.fields;
      if (!fields) throw e;
      wrong.value = fields;
      const first = kind.fields.find((f) => fields.some((x) => isOf(x.path, f.path)));
      if (first) setTimeout(() => form.current?.querySelector<HTMLElement>(`#${CSS.escape(idOf(first.path))}`)?.focus());
    }
  };
  const save = (e: SubmitEvent) => {
    e.preventDefault();
    const { revision } = base.value!;
    void run(() => judged(async () => {
      const v = await (id ? change<ThingView>("PUT", one, revision, draft.value) : change<ThingView>("POST", path, revision, draft.value));
      show(v);
      staying.value = null;
      saved.value = `${kind.id} ${v.thing.id}`;
      if (v.thing.id !== id) location.hash = `#/settings/${kind.id}/${encodeURIComponent(v.thing.id)}`;
    }));
  };
  const cancel = () => {
    draft.value = base.value!.value;
    wrong.value = [];
    round.value++;
  };
  const drop = () => void run(() => judged(async () => {
    await change("DELETE", one, base.value!.revision);
    staying.value = null;
    location.hash = `#/settings/${kind.id}`;
  }));
  /** Their thing, with what I changed of the one that I began with. */
  const merge = () => {
    const other = overtaken.value!;
    const theirs = other.thing!.value as Tree;
    let mine = theirs;
    for (const f of kind.fields) {
      const my = read(draft.value, f.path);
      if (!same(read(base.value!.value, f.path), my)) mine = write(mine, f.path, my);
    }
    base.value = { revision: other.revision, value: theirs };
    draft.value = mine;
    overtaken.value = null;
    merged.value = true;
    round.value++;
  };

  if (!base.value) return <><p class="lead" aria-busy={!error.value}>…</p><Fault error={error.value} id="thing-fault" /></>;
  const isWrong = (at: string) => wrong.value.filter((x) => isOf(x.path, at)).map((x) => x.message);
  const input = (f: Kind["fields"][number]) => (
    <Input key={`${f.path} ${round.value}`} field={f} value={read(draft.value, f.path)} names={names.value[f.refers ?? ""] ?? []} wrong={isWrong(f.path)} set={(v) => (draft.value = write(draft.value, f.path, v))} />
  );
  const more = kind.fields.filter((f) => f.advanced);
  const elsewhere = wrong.value.filter((x) => !kind.fields.some((f) => isOf(x.path, f.path)));
  return (
    <section class="card thing">
      {!kind.single && <a class="quiet back" href={`#/settings/${kind.id}`} data-testid="thing-back">{w.back(told(kind.names))}</a>}
      <h2>{id && !kind.single ? <>{told(kind.name)} <bdi>{digits(id)}</bdi></> : kind.single ? told(kind.names) : w.new(told(kind.name))}</h2>
      {kind.risky && <p class="hint">{w.risky}</p>}
      <form ref={form} onSubmit={save} noValidate data-testid="thing-form">
        <div class="fields">{kind.fields.filter((f) => !f.advanced).map(input)}</div>
        {more.length > 0 && (
          <details open={more.some((f) => isWrong(f.path).length > 0) || undefined}>
            <summary data-testid="thing-advanced">{w.advanced}</summary>
            <div class="fields">{more.map(input)}</div>
          </details>
        )}
        {wrong.value.length > 0 && <p class="fault" role="alert" data-testid="thing-wrong">{w.wrong} {elsewhere.map((x) => x.message).join(" ")}</p>}
        <Fault error={error.value} id="thing-fault" />
        {overtaken.value && (
          <div class="fault" role="alert" data-testid="thing-overtaken">
            <p>{overtaken.value.thing ? w.overtaken : w.gone}</p>
            <Changes list={overtaken.value.changes} />
            {overtaken.value.thing && (
              <p class="buttons">
                <button type="button" class="quiet" onClick={merge} data-testid="thing-merge">{w.merge}</button>
                <button type="button" class="quiet" onClick={load} data-testid="thing-theirs">{w.theirs}</button>
              </p>
            )}
          </div>
        )}
        <div class="buttons">
          <button class="main" type="submit" disabled={busy.value || !dirty.value} data-testid="thing-save">{w.save}</button>
          {dirty.value && <button class="quiet" type="button" onClick={cancel} data-testid="thing-cancel">{w.cancel}</button>}
          <span role="status" data-testid="thing-told">{merged.value ? w.merged : !dirty.value && saved.value === `${kind.id} ${id}` ? w.saved : ""}</span>
          {id && !kind.single && (
            <button class="quiet danger" type="button" disabled={busy.value || uses.value.length > 0} onClick={() => (sure.value ? drop() : (sure.value = true))} data-testid="thing-delete">{sure.value ? w.really : w.remove}</button>
          )}
        </div>
        {uses.value.length > 0 && (
          <div data-testid="thing-uses">
            <p class="hint">{w.uses}</p>
            <ul>{uses.value.map((u) => <Used key={`${u.kind} ${u.id} ${u.path}`} use={u} />)}</ul>
          </div>
        )}
      </form>
    </section>
  );
}

/** Whether a path of the box is about a field, or about something in it. */
const isOf = (path: string, field: string): boolean => path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`);

const Used = ({ use: u }: { use: Reference }) => {
  const k = kindOf(u.kind);
  return (
    <li>
      <a href={`#/settings/${u.kind}${k && !k.single ? `/${encodeURIComponent(u.id)}` : ""}`}>{k ? told(k.name) : settingsWords[language.value].pages[u.kind] ?? u.kind} <bdi>{digits(u.id)}</bdi></a>
      {u.name && u.name !== u.id && <> {aside(u.name)}</>} · {told(u.label) || u.path} <bdi class="tag">{u.path}</bdi>
    </li>
  );
};
