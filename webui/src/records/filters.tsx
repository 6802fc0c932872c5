// What calls are looked for by.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { digits, language, t } from "../language";
import { dayIn, iso, parse } from "../reports/calendar";
import { DayField } from "../reports/dayfield";
import { floor, now } from "../store";
import { causes, learnCauses } from "./causes";
import { ask, asked, clear, type Name, words } from "./asked";

/** Typing is followed when it rests. */
const rest = 300;

export function Filters({ results }: { results: string[] }) {
  const [w, a] = [words.value, asked.value];
  const typed = useSignal(a.q);
  useEffect(() => void learnCauses(), []);
  useEffect(() => {
    const later = setTimeout(() => typed.value !== asked.value.q && ask({ q: typed.value }), rest);
    return () => clearTimeout(later);
  }, [typed.value]);
  const today = dayIn(Intl.DateTimeFormat().resolvedOptions().timeZone, now.value);
  const choice = (label: string, name: Name, children: ComponentChildren) => (
    <label>{label} <select value={a[name]} onChange={(e) => ask({ [name]: e.currentTarget.value })} data-testid={`records-${name}`}>{children}</select></label>
  );
  const options = (list: { [key: string]: string }) => Object.entries(list).map(([value, text]) => <option key={value} value={value}>{text}</option>);
  const minutes = (label: string, name: "least" | "most") => (
    <label>{label} <input type="text" inputMode="decimal" size={4} maxLength={6} value={digits(a[name])} onChange={(e) => ask({ [name]: e.currentTarget.value.trim() })} aria-label={`${label}, ${w.minutes}`} data-testid={`records-${name}`} /></label>
  );
  const hidden = ["agent", "cause", "least", "most", "recorded"].some((n) => a[n as Name]);
  return (
    <form class="find" role="search" onSubmit={(e) => { e.preventDefault(); ask({ q: typed.value }); }}>
      <label>{w.search} <input type="search" dir="auto" maxLength={64} value={typed.value} title={w.searchHint} onInput={(e) => (typed.value = e.currentTarget.value)} data-testid="records-q" /></label>
      <DayField mayBeEmpty label={t.value.fromDay} id="records-from" day={parse(a.from)} today={today} choose={(d) => ask({ from: d === null ? "" : iso(d) })} />
      <DayField mayBeEmpty label={t.value.toDay} id="records-to" day={parse(a.to)} today={today} choose={(d) => ask({ to: d === null ? "" : iso(d) })} />
      {choice(w.direction, "direction", options(w.directions))}
      {choice(w.result, "result", <><option value="">{w.any}</option>{results.map((r) => <option key={r} value={r}>{t.value.results[r] ?? r}</option>)}</>)}
      {choice(t.value.queue, "queue", <><option value="">{w.any}</option>{floor.value.queues.map((q) => <option key={q.number} value={q.number}>{q.name || digits(q.number)}</option>)}</>)}
      <details class="more-filters" open={hidden || undefined}>
        <summary data-testid="records-more">{w.more}</summary>
        <div class="find">
          {choice(t.value.agent, "agent", <><option value="">{w.any}</option>{floor.value.agents.map((x) => <option key={x.extension} value={x.extension}>{x.name || digits(x.extension)}</option>)}</>)}
          {choice(w.cause, "cause", <><option value="">{w.any}</option>{causes.value.map((c) => <option key={c.id} value={c.id}>{c.name[language.value]}</option>)}</>)}
          {minutes(w.least, "least")}
          {minutes(w.most, "most")}
          {choice(w.recorded, "recorded", options(w.recordedHow))}
        </div>
      </details>
      <button type="button" class="quiet" onClick={() => { typed.value = ""; clear(); }} data-testid="records-clear">{w.clear}</button>
    </form>
  );
}
