// Reports that go out by mail: a list, a form, and sending one at once.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BulletinForm, BulletinList, Standing, Outcome } from "../api";
import { get, post } from "../client";
import { aside, ascii, date, digits, hourOf, language, t } from "../language";
import { Field, isAbout } from "../field";
import { Card, Empty, Fault, useAction } from "../parts";
import { floor } from "../store";
import { bulletinWords } from "../words/bulletins";
import { groups, words } from "./asked";

const fresh = (): BulletinForm => ({ name: "", to: [], every: "day", calendar: language.value === "fa" ? "jalali" : "gregorian", at: "07:00", by: "", queue: "", language: "" });
const moment = (at: string): string => `${date(at)} ${hourOf(Date.parse(at))}`;

export function Bulletins() {
  const w = bulletinWords[language.value];
  const got = useSignal<BulletinList | null>(null);
  const edited = useSignal<{ form: BulletinForm; fresh: boolean } | null>(null);
  const { error, run } = useAction();
  useEffect(() => void run(async () => (got.value = await get<BulletinList>("/api/bulletins"))), []);
  const list = got.value;
  const took = (l: BulletinList) => {
    got.value = l;
    edited.value = null;
  };
  return (
    <Card id="bulletins" title={w.title}>
      <p class="hint">{w.lead}</p>
      <Fault error={error.value} />
      {list && !list.mail && <p class="hint" data-testid="bulletins-no-mail">{w.noMail}</p>}
      {list && list.bulletins.length === 0 && !edited.value && <Empty>{w.none}</Empty>}
      <ul class="rows">{list?.bulletins.map((b, i) => <Bulletin key={b.name} form={b} state={list.states[i]} edit={() => (edited.value = { form: b, fresh: false })} took={took} />)}</ul>
      {edited.value
        ? <Form key={edited.value.form.name} {...edited.value} cancel={() => (edited.value = null)} took={took} />
        : <button type="button" class="quiet" onClick={() => (edited.value = { form: fresh(), fresh: true })} data-testid="bulletin-add">{w.add}</button>}
    </Card>
  );
}

function Bulletin({ form: b, state, edit, took }: { form: BulletinForm; state: Standing | undefined; edit: () => void; took: (l: BulletinList) => void }) {
  const w = bulletinWords[language.value];
  const sure = useSignal(false);
  const told = useSignal<Outcome | null>(null);
  const { busy, error, run } = useAction();
  const send = () => run(async () => (told.value = await post<Outcome>("/api/bulletins/send", { name: b.name })));
  const remove = () => {
    if (sure.value) return void run(async () => took(await post<BulletinList>("/api/bulletins/delete", { name: b.name })));
    sure.value = true;
    setTimeout(() => (sure.value = false), 4000);
  };
  return (
    <li class="row" data-testid="bulletin" data-name={b.name}>
      <div class="row-main">
        <span class="row-name"><bdi>{b.name}</bdi> <span class="tag">{w.summary(w.everies[b.every] ?? b.every, digits(b.at), w.calendars[b.calendar] ?? b.calendar)}</span></span>
        <span class="row-sub"><bdi>{b.to.join(" ")}</bdi></span>
        {state && <span class="row-sub">{w.next(moment(state.next))}{state.sent && ` · ${w.last(moment(state.sent))}`}</span>}
        <Fault error={error.value} />
        {told.value && <p class={told.value.ok ? "hint" : "fault"} role="status" data-testid="bulletin-told">{told.value.ok ? w.sent : w.refused(aside(told.value.detail ?? ""))}</p>}
      </div>
      <span class="saves">
        <button type="button" class="quiet" disabled={busy.value} onClick={send} data-testid="bulletin-send">{w.sendNow}</button>
        <button type="button" class="quiet" onClick={edit} data-testid="bulletin-edit">{w.edit}</button>
        <button type="button" class={`quiet ${sure.value ? "danger" : ""}`} disabled={busy.value} onClick={remove} data-testid="bulletin-delete">{sure.value ? w.reallyRemove : w.remove}</button>
      </span>
    </li>
  );
}

interface FormProps { form: BulletinForm; fresh: boolean; cancel: () => void; took: (l: BulletinList) => void }

function Form({ form, fresh, cancel, took }: FormProps) {
  const w = bulletinWords[language.value];
  const { busy, error, run } = useAction();
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget as HTMLFormElement);
    const text = (name: string) => String(f.get(name) ?? "").trim();
    void run(async () => took(await post<BulletinList>("/api/bulletins", {
      name: fresh ? text("name") : form.name, to: text("to").split(/[\s,،;]+/).filter(Boolean), every: text("every"), calendar: text("calendar"), at: ascii(text("at")),
      by: text("by"), queue: text("queue"), language: text("language"),
    } satisfies BulletinForm)));
  };
  const choice = (label: string, name: keyof BulletinForm, children: ComponentChildren) => (
    <div class="field"><label for={`bulletin-${name}`}>{label}</label><select id={`bulletin-${name}`} name={name} defaultValue={String(form[name])} data-testid={`bulletin-${name}`}>{children}</select></div>
  );
  const options = (list: { [key: string]: string }, now: string) => Object.entries(list).map(([value, name]) => <option key={value} value={value} selected={value === now}>{name}</option>);
  const names = ["name", "to", "at"];
  return (
    <form class="settings" onSubmit={submit} data-testid="bulletin-form">
      <div class="grid">
        {fresh && <Field label={w.name} name="name" id="bulletin-name" autocomplete="off" hint={w.nameHint} ltr max={32} value={form.name} error={error.value} />}
        <Field label={w.to} name="to" id="bulletin-to" autocomplete="off" hint={w.toHint} ltr value={form.to.join(" ")} error={error.value} />
        {choice(w.every, "every", options(w.everies, form.every))}
        {choice(w.calendar, "calendar", options(w.calendars, form.calendar))}
        <Field label={w.at} name="at" id="bulletin-at" autocomplete="off" hint={w.atHint} ltr max={5} value={digits(form.at)} error={error.value} />
        {choice(t.value.queue, "queue", <><option value="">{t.value.allQueues}</option>{floor.value.queues.map((q) => <option key={q.number} value={q.number} selected={q.number === form.queue}>{q.name || digits(q.number)}</option>)}</>)}
        {choice(w.by, "by", <><option value="">{w.usual}</option>{groups.map((g) => <option key={g} value={g} selected={g === form.by}>{words.value.groups[g]}</option>)}</>)}
        {choice(w.language, "language", options(w.languages, form.language))}
      </div>
      {!isAbout(error.value, ...names) && <Fault error={error.value} id="bulletin-fault" />}
      <p><button class="main" disabled={busy.value} data-testid="bulletin-save">{w.save}</button> <button type="button" class="quiet" onClick={cancel}>{w.cancel}</button></p>
    </form>
  );
}
