// The settings of queues: a form for each, a new one, and what leads to each.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { QueueForm, QueueForms, Use } from "./api";
import { change, get, Refused } from "./client";
import { agentName } from "./calls";
import { Field, isAbout } from "./field";
import { ascii, aside, digits, language, t } from "./language";
import { Late } from "./late";
import { Card, Fault, useAction } from "./parts";
import { groups, isOf, put, read, type Setting, type Tree, understood, written } from "./queuefields";
import { queueWords } from "./queuewords";

export function QueueSettings() {
  const all = useSignal<QueueForms>({ revision: 0, queues: [] });
  const rounds = useSignal<{ [number: string]: number }>({}); // of forms: they begin anew with what was loaded
  const { error, run } = useAction();
  const changed = (fresh: QueueForms) => (all.value = fresh);
  const load = async () => void changed(await get<QueueForms>("/api/settings/queues"));
  useEffect(() => void run(load), []);
  const again = (number: string) => void run(async () => {
    await load();
    rounds.value = { ...rounds.value, [number]: (rounds.value[number] ?? 0) + 1 };
  });
  const w = queueWords[language.value];
  const { revision, queues } = all.value;
  return (
    <Card id="queue-settings" title={w.title} class="records">
      <p class="row-sub">{w.lead}</p>
      <Fault error={error.value} />
      {queues.map((q) => <Form key={`${q.number} ${rounds.value[q.number] ?? 0}`} queue={q} revision={revision} shown={q.number in rounds.value} changed={changed} again={() => again(q.number)} />)}
      <Add all={all.value} changed={changed} />
    </Card>
  );
}

const used = (uses: Use[]): string => {
  const w = queueWords[language.value];
  return uses.map((u) => `${w.uses[u.kind] ?? u.kind} ${u.of && aside(digits(u.kind === "extension" ? agentName(u.of) : u.of))}`.trim()).join(t.value.comma);
};

interface FormProps { queue: QueueForm; revision: number; shown: boolean; changed: (all: QueueForms) => void; again: () => void }

function Form({ queue: q, revision, shown, changed, again }: FormProps) {
  const base = useSignal(revision); // whose values the inputs began with
  const { busy, error, run } = useAction();
  const saved = useSignal(false);
  const opened = useSignal<string[]>([]); // groups
  const show = (group: string, on: boolean) => {
    if (opened.value.includes(group) !== on) opened.value = on ? [...opened.value, group] : opened.value.filter((x) => x !== group);
  };
  useEffect(() => groups.forEach((g) => g.settings.some((s) => isOf(error.value, s.path)) && show(g.name, true)), [error.value]);
  const w = queueWords[language.value];
  const tree = q.value as Tree;
  const id = `queue-form-${q.number}`;
  const name = String(tree["name"] || digits(q.number));
  const send = async (path: string, body?: Tree) => {
    const all = await change<QueueForms>("POST", path, base.value, body);
    base.value = all.revision;
    changed(all);
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    saved.value = false;
    void run(async () => {
      let fresh = tree;
      for (const { settings } of groups) {
        for (const s of settings) fresh = put(fresh, s.path, s.kind === "flag" ? form.has(s.path) : understood(String(form.get(s.path) ?? ""), s, w.number));
      }
      await send("/api/settings/queues", fresh);
      saved.value = true;
    });
  };
  const known = groups.some((g) => g.settings.some((s) => isOf(error.value, s.path)));
  return (
    <details class="settings" data-testid={id} open={shown}>
      <summary><bdi>{name}</bdi> <span class="tag">{digits(q.number)}</span></summary>
      <form onSubmit={submit} onInput={() => (saved.value = false)} noValidate>
        {groups.map((g) => (
          <details key={g.name} class="settings part" data-testid={`${id}-${g.name}`} open={opened.value.includes(g.name)} onToggle={(e) => show(g.name, e.currentTarget.open)}>
            <summary>{w.groups[g.name]}</summary>
            <div class="grid">{g.settings.map((s) => <Entry key={s.path} setting={s} value={read(tree, s.path)} id={`${id}-${s.path}`} error={error.value} />)}</div>
          </details>
        ))}
        {!known && <Late error={error.value} id={`${id}-fault`} again={again} />}
        <span class="buttons">
          <button class="main soft" disabled={busy.value} data-testid={`${id}-save`} aria-label={`${t.value.soundSave}: ${name}`}>{t.value.soundSave}</button>
          {saved.value && <span role="status" class="hint" data-testid={`${id}-saved`}>{t.value.saved}</span>}
          {q.uses.length > 0 ? <span class="hint" data-testid={`${id}-uses`}>{w.usedBy(used(q.uses))}</span> : (
            <button type="button" class="quiet" disabled={busy.value} data-testid={`${id}-delete`} aria-label={`${t.value.deleteIt}: ${name}`}
              onClick={() => void run(() => send(`/api/settings/queues/${encodeURIComponent(q.number)}/delete`))}>{t.value.deleteIt}</button>
          )}
        </span>
      </form>
    </details>
  );
}

/** One setting: a label, what is set, what it means, and what is wrong with it. */
function Entry({ setting: { path, kind }, value, id, error }: { setting: Setting; value: unknown; id: string; error: unknown }) {
  const w = queueWords[language.value];
  const [label, hint] = w.fields[path] ?? [path, ""];
  const wrong = isOf(error, path) ? (error as Refused).message : "";
  const told = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  const common = { id, name: path, "data-testid": id, "aria-describedby": told, "aria-invalid": wrong ? true : undefined };
  const text = written(value, kind);
  return (
    <div class="field">
      {kind === "flag" ? (
        <label class="check"><input type="checkbox" defaultChecked={value === true} {...common} /> {label}</label>
      ) : (
        <>
          <label for={id}>{label}</label>
          {Array.isArray(kind) ? (
            <select {...common}>{kind.map((c: string) => <option key={c} value={c} selected={c === text}>{w.choices[`${path} ${c}`] ?? t.value.strategy[c] ?? w.choices[c] ?? c}</option>)}</select>
          ) : kind === "agents" || kind === "skills" || kind === "names" ? (
            <textarea {...common} rows={4} dir={kind === "names" ? "auto" : "ltr"} defaultValue={text} spellcheck={false} />
          ) : (
            <input {...common} type="text" defaultValue={kind === "seconds" || kind === "count" ? digits(text) : text} dir={path === "name" ? "auto" : "ltr"} autocomplete="off"
              inputMode={kind === "seconds" || kind === "count" ? "numeric" : undefined} maxLength={500} autocapitalize="none" spellcheck={false} />
          )}
        </>
      )}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {wrong && <p class="fault" role="alert" id={`${id}-wrong`} data-testid={`${id}-wrong`}>{wrong}</p>}
    </div>
  );
}

/** A new queue has a number and a name; the rest is as usual. */
function Add({ all, changed }: { all: QueueForms; changed: (all: QueueForms) => void }) {
  const { busy, error, run } = useAction();
  const made = useSignal(0); // empties the fields
  const w = queueWords[language.value];
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    void run(async () => {
      const number = ascii(field("number"));
      if (all.queues.some((q) => q.number === number)) throw new Refused(409, "there", w.there, "number"); // it would be emptied
      changed(await change("POST", "/api/settings/queues", all.revision, { number, name: field("name"), agents: [] }));
      made.value++;
    });
  };
  return (
    <form class="find" onSubmit={submit} key={made.value}>
      <Field label={w.newNumber} hint={w.newHint} name="number" id="queue-new-number" autocomplete="off" mode="tel" max={20} ltr error={error.value} />
      <Field label={w.fields["name"]![0]} hint={w.fields["name"]![1]} name="name" id="queue-new-name" autocomplete="off" max={64} required={false} error={error.value} />
      <button class="quiet" disabled={busy.value} data-testid="queue-add">{w.add}</button>
      {!isAbout(error.value, "number", "name") && <Fault error={error.value} id="queue-add-fault" />}
    </form>
  );
}
