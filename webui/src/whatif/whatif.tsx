// What would have become of a recorded day with other settings.
import { type Signal, useSignal } from "@preact/signals";
import type { Comparison, File, Formula } from "../api";
import { get, post } from "../client";
import { ascii, count, digits, language, t } from "../language";
import { Card, Fault, useAction } from "../parts";
import { iso } from "../reports/calendar";
import { DayField } from "../reports/dayfield";
import { change, moodOf, shown } from "../reports/shown";
import { whenIn } from "../reports/when";
import { floor } from "../store";
import { whatIfWords } from "../words/whatif";

/** What is asked for, by the names of the box's parameters. Empty is as it was. */
const fields = ["strategy", "agents", "wrap-up", "max-wait", "callback", "callback-after", "accept", "hours", "tiers", "skills", "runs"] as const;
type Field = (typeof fields)[number];
const seconds: Field[] = ["wrap-up", "max-wait", "callback-after"];

interface Props { formulas: Formula[]; today: number }

export function WhatIf({ formulas, today }: Props) {
  const w = whatIfWords[language.value];
  const chosen = useSignal<number | null>(null);
  const queue = useSignal("");
  const wish = useSignal<Record<Field, string>>(Object.fromEntries(fields.map((f) => [f, ""])) as Record<Field, string>);
  const draft = useSignal<{ name: string; yaml: string } | null>(null);
  const found = useSignal<Comparison | null>(null);
  const { busy, error, run } = useAction();
  const day = chosen.value ?? today - 1;

  const play = () => run(async () => {
    found.value = null;
    const q = new URLSearchParams({ day: iso(day) });
    if (queue.value) q.set("queue", queue.value);
    if (draft.value) {
      q.set("runs", ascii(wish.value.runs).trim());
      found.value = await post<Comparison>(`/api/whatif?${q}`, { revision: 0, yaml: draft.value.yaml } satisfies File);
      return;
    }
    for (const f of fields) {
      const text = ascii(wish.value[f]).trim();
      if (text) q.set(f, seconds.includes(f) && /^\d+$/.test(text) ? `${text}s` : text);
    }
    found.value = await get<Comparison>(`/api/whatif?${q}`);
  });
  return (
    <Card id="whatif" title={w.title}>
      <p class="hint">{w.lead}</p>
      <form class="find" onSubmit={(e) => { e.preventDefault(); void play(); }}>
        <DayField label={w.day} day={day} today={today} id="whatif-day" choose={(d) => (chosen.value = d)} />
        <label>{w.queue} <select value={queue.value} onChange={(e) => (queue.value = e.currentTarget.value)} data-testid="whatif-queue">
          <option value="">{w.allQueues}</option>
          {floor.value.queues.map((q) => <option key={q.number} value={q.number}>{q.name || digits(q.number)}</option>)}
        </select></label>
        <Choice wish={wish} of="strategy" label={w.strategy} choices={Object.entries(t.value.strategy)} />
        <Text wish={wish} of="agents" label={w.agents} hint={w.agentsHint} />
        <Text wish={wish} of="wrap-up" label={w.wrapUp} number />
        <Text wish={wish} of="max-wait" label={w.maxWait} number />
        <Choice wish={wish} of="callback" label={w.callback} choices={[["on", w.on], ["off", w.off]]} />
        <Text wish={wish} of="runs" label={w.runs} number hint={digits("20")} />
        <details class="whatif-more">
          <summary>{w.more}</summary>
          <div class="find">
            <Text wish={wish} of="hours" label={w.hours} hint={w.hoursHint} />
            <Text wish={wish} of="tiers" label={w.tiers} hint={w.tiersHint} />
            <Text wish={wish} of="skills" label={w.skills} hint={w.skillsHint} />
            <Text wish={wish} of="callback-after" label={w.after} number hint={digits("60")} />
            <Text wish={wish} of="accept" label={w.accept} number hint={digits("40")} />
          </div>
          <p>
            <label class="quiet pick">{w.draft} <input type="file" accept=".yaml,.yml,text/plain" data-testid="whatif-draft" onChange={async (e) => { const f = e.currentTarget.files?.[0]; draft.value = f ? { name: f.name, yaml: await f.text() } : null; }} /></label>{" "}
            {draft.value && <><bdi>{draft.value.name}</bdi> <button type="button" class="quiet" onClick={() => (draft.value = null)} data-testid="whatif-no-draft">{w.noDraft}</button></>}
          </p>
          {draft.value && <p class="hint">{w.drafted}</p>}
        </details>
        <button class="main" disabled={busy.value} data-testid="whatif-go">{w.play}</button>
      </form>
      <p role="status">{busy.value && w.playing}</p>
      <Fault error={error.value} id="whatif-fault" />
      {found.value && <Told found={found.value} formulas={formulas} />}
    </Card>
  );
}

interface Input { wish: Signal<Record<Field, string>>; of: Field; label: string }

const set = ({ wish, of }: Input, text: string) => (wish.value = { ...wish.value, [of]: text });

const Choice = ({ choices, ...is }: Input & { choices: (readonly [string, string])[] }) => (
  <label>{is.label} <select value={is.wish.value[is.of]} onChange={(e) => set(is, e.currentTarget.value)} data-testid={`whatif-${is.of}`}>
    <option value="">{whatIfWords[language.value].asWas}</option>
    {choices.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
  </select></label>
);

const Text = ({ number, hint, ...is }: Input & { number?: boolean; hint?: string }) => (
  <label title={hint}>{is.label} <input dir="ltr" autocomplete="off" maxLength={200} inputMode={number ? "numeric" : "text"} size={number ? 4 : 14} placeholder={hint && hint.length < 20 ? hint : ""}
    value={digits(is.wish.value[is.of])} onInput={(e) => set(is, e.currentTarget.value)} data-testid={`whatif-${is.of}`} /></label>
);

/** The figures that a change of settings can change; others say nothing here. */
const silent = ["blocked", "fcr", "returned", "survey", "transferred", "transfer-rate", "wait-error", "wait-foreseen", "hold"];

function Told({ found: c, formulas }: { found: Comparison; formulas: Formula[] }) {
  const w = whatIfWords[language.value];
  const when = whenIn(c.zone);
  const rows = c.figures.flatMap((x) => formulas.filter((f) => f.id === x.id && !silent.includes(f.id)).map((f) => ({ x, f }))).filter(({ x }) => x.real !== undefined || x.mean !== undefined);
  return (
    <>
      <p data-testid="whatif-told">{w.told(when.day(c.from), count(c.runs))} <span data-testid="whatif-exact" data-exact={c.exact}>{c.exact ? w.exact : w.differs(when.hour(c.differs ?? c.from))}</span></p>
      {!c.closes && <p class="fault" role="alert">{w.open}</p>}
      <table class="whatif">
        <thead><tr><th>{w.figure}</th><th class="figure">{w.real}</th><th class="figure">{w.simulated}</th><th class="figure">{w.range}</th></tr></thead>
        <tbody>{rows.map(({ x, f }) => {
          const by = x.real !== undefined && x.mean !== undefined ? change(f, x.mean, x.real) : null;
          return (
            <tr key={x.id} data-testid="whatif-row" data-figure={x.id} data-real={x.real} data-mean={x.mean}>
              <td title={f.text[language.value]}>{f.name[language.value]}</td>
              <td class="figure ticks" data-label={w.real}>{shown(f, x.real)}</td>
              <td class="figure ticks" data-label={w.simulated}><strong>{shown(f, x.mean)}</strong> {by && <b class={`whatif-by ${moodOf(f, by.up)}`}><bdi>{by.text}</bdi></b>}</td>
              <td class="figure ticks" data-label={w.range}>{x.low === undefined || x.low === x.high ? <span class="hint">{w.always}</span> : w.span(shown(f, x.low), shown(f, x.high))}</td>
            </tr>
          );
        })}</tbody>
      </table>
      <h3>{w.rests}</h3>
      <ul class="hint">{c.rests.map((r) => <li key={r.en}>{digits(r[language.value])}</li>)}</ul>
    </>
  );
}
