// Every figure with its definition, what it is made of, and what it was in the other period.
import { useSignal } from "@preact/signals";
import type { Formula, Report } from "../api";
import { aside, count, language } from "../language";
import { words } from "./asked";
import { change, moodOf, shown } from "./shown";

/** Figures that belong together, by what they are about. One that is in none comes last. */
const parts: [string, string[]][] = [
  ["volume", ["offered", "answered", "abandoned", "short", "overflow", "callback", "waiting", "interrupted", "blocked"]],
  ["service", ["sl-net", "sl-offered", "sl-answered", "sl-both", "answer-rate", "abandonment", "abandonment-all"]],
  ["wait", ["asa", "awt", "wait-max", "wait-p90", "wait-error", "wait-foreseen"]],
  ["work", ["aht", "talk", "hold", "acw", "transfer-rate", "transferred"]],
  ["agents", ["offers", "rona", "occupancy", "utilisation", "logged-in", "paused"]],
  ["after", ["callback-success", "callback-delay", "fcr", "returned", "survey"]],
];
const main = ["offered", "answered", "abandoned", "sl-net", "abandonment", "asa", "aht", "fcr"];
/** With fewer contacts than that a ratio or an average says little. */
const few = 10;

interface Props { report: Report; other: Report | null; formulas: Formula[]; open: string; drill: (id: string) => void }

export function Figures({ report: r, other, formulas, open, drill }: Props) {
  const w = words.value;
  const all = useSignal(innerWidth > 820); // a telephone shows the main ones
  const has = (f: Formula) => r.total.values[f.id] !== undefined;
  const listed = new Set(parts.flatMap(([, ids]) => ids));
  const of = (ids: string[]) => ids.flatMap((id) => formulas.filter((f) => f.id === id)).filter(has);
  const rest = formulas.filter((f) => !listed.has(f.id) && has(f));
  const cards = (list: Formula[]) => <dl class="figures">{list.map((f) => <Figure key={f.id} f={f} r={r} other={other} open={open} drill={drill} />)}</dl>;
  return (
    <>
      {all.value
        ? parts.map(([name, ids], i) => {
          const list = [...of(ids), ...(i === parts.length - 1 ? rest : [])];
          return list.length > 0 && <section key={name} class="figures-part"><h3>{w.parts[name]}</h3>{cards(list)}</section>;
        })
        : cards(of(main))}
      <button type="button" class="quiet no-print" aria-pressed={all.value} onClick={() => (all.value = !all.value)} data-testid="all-figures">{all.value ? w.showMain : w.showAll}</button>
    </>
  );
}

function Figure({ f, r, other, open, drill }: Omit<Props, "report" | "formulas"> & { f: Formula; r: Report }) {
  const w = words.value;
  const value = r.total.values[f.id]!;
  const share = f.drill ? r.shares[f.id] : undefined; // of contacts; agents' ratios are of their time
  const was = other?.total.values[f.id];
  const moved = was === undefined ? null : change(f, value, was);
  const behind = share ? (f.unit === "ratio" ? share.over : share.under) : value;
  return (
    <div class="kpi" tabIndex={0} aria-describedby={`what-${f.id}`} data-testid={`figure-${f.id}`} data-value={value} data-behind={f.drill ? behind : undefined}>
      <dt>{f.name[language.value]}</dt>
      <dd class="ticks">{f.drill && behind > 0
        ? <button class="quiet" aria-expanded={open === f.id} onClick={() => drill(f.id)} data-testid={`drill-${f.id}`}>{shown(f, value)}</button> : shown(f, value)}</dd>
      {share && (
        <dd class="kpi-share">
          {f.unit === "ratio" ? w.outOf(count(share.over), count(share.under)) : w.ofContacts(count(share.under))}
          {share.under < few && <span class="few"> · {w.few}</span>}
        </dd>
      )}
      {was !== undefined && (
        <dd class="kpi-share" data-testid={`was-${f.id}`}>
          <bdi>{w.wasBefore(aside(shown(f, was)))}</bdi> {moved && <b class={moodOf(f, moved.up)}><bdi dir="ltr">{moved.text}</bdi></b>}
        </dd>
      )}
      <dd class="kpi-text" id={`what-${f.id}`}>{f.text[language.value]}</dd>
    </div>
  );
}
