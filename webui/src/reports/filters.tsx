// What a report is asked for: its days, what it is compared with, and whose contacts it counts.
import type { ComponentChildren } from "preact";
import { ascii, digits, t } from "../language";
import { lineName } from "../lines";
import { floor, lines, trunks } from "../store";
import { type Asked, ask, asked, calendar, groups, words } from "./asked";
import { comparisons, periods, type Range } from "./periods";
import { DayField } from "./dayfield";

const Choice = ({ label, id, value, choose, children }: { label: string; id: string; value: string; choose: (v: string) => void; children: ComponentChildren }) => (
  <label>{label} <select value={value} onChange={(e) => choose(e.currentTarget.value)} data-testid={id}>{children}</select></label>
);

export function Filters({ range, today }: { range: Range; today: number }) {
  const [w, a] = [words.value, asked.value];
  const change = (name: keyof Asked) => (value: string) => ask({ [name]: value });
  return (
    <form class="find no-print" onSubmit={(e) => e.preventDefault()}>
      <div class="choice" role="group" aria-label={t.value.period}>
        {periods.map((p) => (
          <button key={p} type="button" class="quiet" aria-pressed={a.period === p} data-testid={`period-${p}`}
            onClick={() => ask(p === "custom" ? { period: p, from: range.from, to: range.to } : { period: p, from: null, to: null })}>{w.periods[p]}</button>
        ))}
      </div>
      {a.period === "custom" && (
        <>
          <DayField label={t.value.fromDay} id="report-from" day={range.from} today={today} choose={(from) => ask({ from })} />
          <DayField label={t.value.toDay} id="report-to" day={range.to} today={today} choose={(to) => ask({ to })} />
        </>
      )}
      <div class="choice" role="group" aria-label={w.calendars[calendar.value]}>
        {(["jalali", "gregorian"] as const).map((c) => (
          <button key={c} type="button" class="quiet" aria-pressed={calendar.value === c} onClick={() => ask({ calendar: c })} data-testid={`calendar-${c}`}>{w.calendars[c]}</button>
        ))}
      </div>
      <Choice label={t.value.groupBy} id="report-by" value={a.by} choose={change("by")}>
        {groups.map((g) => <option key={g} value={g}>{w.groups[g]}</option>)}
      </Choice>
      <Choice label={w.compare} id="report-compare" value={a.compare} choose={change("compare")}>
        {comparisons.map((c) => <option key={c} value={c}>{w.comparisons[c]}</option>)}
      </Choice>
      <Choice label={t.value.queue} id="report-queue" value={a.queue} choose={change("queue")}>
        <option value="">{t.value.allQueues}</option>
        {floor.value.queues.map((q) => <option key={q.number} value={q.number}>{q.name || digits(q.number)}</option>)}
      </Choice>
      <Choice label={w.agent} id="report-agent" value={a.agent} choose={change("agent")}>
        <option value="">{w.everything}</option>
        {floor.value.agents.map((x) => <option key={x.extension} value={x.extension}>{x.name || digits(x.extension)}</option>)}
      </Choice>
      <Choice label={w.way} id="report-way" value={a.way} choose={change("way")}>
        <option value="">{w.everything}</option>
        {trunks.value.map((x) => <option key={x.name} value={x.name}>{x.name}</option>)}
        {lines.value.filter((l) => l.kind === "fxo").map((l) => <option key={l.port} value={l.port}>{lineName(l.port, l.name)}</option>)}
      </Choice>
      <label>{w.number} <input type="text" inputMode="tel" dir="ltr" maxLength={32} value={digits(a.number)} onChange={(e) => ask({ number: toDigits(e.currentTarget.value) })} data-testid="report-number" /></label>
    </form>
  );
}

const toDigits = (text: string): string => ascii(text).replace(/[^0-9+*#]/g, "");
