// Opening hours: each schedule's week, its single days and the official holidays.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { HolidayChange, HolidayView, Hours as Schedule, HoursView } from "./api";
import { change, get, Refused } from "./client";
import { ascii, aside, calendarOf, count, digits, language, t } from "./language";
import { Late } from "./late";
import { Card, Fault, useAction } from "./parts";

const week = ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"] as const;
const fresh: Schedule = { name: "", holidays: "ir", week: Object.fromEntries(week.slice(0, 5).map((d) => [d, ["8:00-17:00"]])) };
/** A day of the Gregorian calendar in the reader's. */
const dated = (day: string): string => calendarOf("UTC").day(`${day}T12:00:00Z`);
const blocks = (text: string): string[] => ascii(text).replace(/\s*[-–]\s*/g, "-").split(/[\s,،]+/).filter(Boolean);

export function HoursSettings() {
  const all = useSignal<HoursView | null>(null);
  const { error, run } = useAction();
  const rounds = useSignal<{ [name: string]: number }>({}); // of forms: they begin anew with what was loaded
  const load = async () => void (all.value = await get<HoursView>("/api/hours"));
  useEffect(() => void run(load), []);
  const changed = (view: HoursView) => void (all.value = view);
  const again = (name: string) => void run(async () => {
    await load();
    rounds.value = { ...rounds.value, [name]: (rounds.value[name] ?? 0) + 1 };
  });
  const w = t.value;
  const view = all.value;
  return (
    <Card id="hours-settings" title={w.hoursSettings} class="records">
      {view?.hours.map((h) => <Editor key={`${h.name} ${rounds.value[h.name] ?? 0}`} it={h} view={view} shown={h.name in rounds.value} changed={changed} again={() => again(h.name)} />)}
      {view && <Editor key={`new ${view.hours.length} ${rounds.value[""] ?? 0}`} it={fresh} view={view} shown={"" in rounds.value} changed={changed} again={() => again("")} />}
      <Fault error={error.value} />
    </Card>
  );
}

/** One schedule; without a name it is a new one. */
function Editor({ it, view, shown, changed, again }: { it: Schedule; view: HoursView; shown: boolean; changed: (view: HoursView) => void; again: () => void }) {
  const base = useSignal(view.revision); // whose values the inputs began with
  const draft = useSignal(it);
  const { busy, error, run } = useAction();
  const w = t.value;
  const d = draft.value;
  const made = it.name !== "";
  const put = (change: Partial<Schedule>) => (draft.value = { ...draft.value, ...change });
  const wrong = (path: string) => (error.value instanceof Refused && (error.value.field === path || error.value.field.startsWith(`${path}[`)) ? error.value.message : "");
  const input = (path: string, label: string, value: string, set: (v: string) => void, ltr = true) => {
    const id = `hours-${made ? it.name : "new"}-${path}`;
    return (
      <div class="field" key={path}>
        <label for={id}>{label}</label>
        <input id={id} data-testid={`hours-${path}`} dir={ltr ? "ltr" : "auto"} defaultValue={ltr ? digits(value) : value} onChange={(e) => set(e.currentTarget.value)}
          autocomplete="off" spellcheck={false} aria-invalid={wrong(path) ? true : undefined} aria-describedby={wrong(path) ? `${id}-wrong` : undefined} />
        {wrong(path) && <p class="fault" role="alert" id={`${id}-wrong`} data-testid="hours-wrong">{wrong(path)}</p>}
      </div>
    );
  };
  const exceptions = d.exceptions ?? [];
  const own = d.own ?? [];
  const placed = error.value instanceof Refused && /^(name|week\.|exceptions\[|own\[)/.test(error.value.field);
  const send = async (path: string, body?: Schedule) => {
    const view = await change<HoursView>("POST", path, base.value, body);
    base.value = view.revision;
    changed(view);
  };
  const save = (e: SubmitEvent) => {
    e.preventDefault();
    void run(async () => {
      const { exceptions = [], own = [], ...rest } = draft.value;
      await send("/api/hours", { ...rest, exceptions: exceptions.filter((x) => x.on), own: own.filter((x) => x.on) });
    });
  };
  return (
    <details class="settings" data-testid="hours-form" data-name={it.name} open={shown}>
      <summary>{made ? w.hoursEdit(aside(it.name)) : w.hoursNew}</summary>
      <form onSubmit={save}>
        {!made && input("name", w.hoursName, d.name, (name) => put({ name: name.trim() }), false)}
        <p class="hint">{w.hoursBlocks}</p>
        <div class="grid">{week.map((day) => input(`week.${day}`, w.weekdays[day]!, (d.week?.[day] ?? []).join(", "), (v) => put({ week: { ...draft.value.week, [day]: blocks(v) } })))}</div>
        <h3>{w.hoursExceptions}</h3>
        <p class="hint">{w.hoursDates}</p>
        {exceptions.map((x, i) => {
          const set = (change: Partial<typeof x>) => put({ exceptions: (draft.value.exceptions ?? []).map((y, k) => (k === i ? { ...y, ...change } : y)) });
          return (
            <div class="grid" key={i}>
              {input(`exceptions[${i}].on`, w.hoursFrom, x.on, (v) => set({ on: ascii(v).trim() }))}
              {input(`exceptions[${i}].until`, w.hoursTo, x.until ?? "", (v) => set({ until: ascii(v).trim() }))}
              {input(`exceptions[${i}].open`, w.hoursOther, (x.open ?? []).join(", "), (v) => set({ open: blocks(v) }))}
              {input(`exceptions[${i}].name`, w.hoursWhy, x.name ?? "", (v) => set({ name: v.trim() }), false)}
            </div>
          );
        })}
        <button type="button" class="quiet" data-testid="hours-add-exception" onClick={() => put({ exceptions: [...exceptions, { on: "" }] })}>{w.hoursAddException}</button>
        <h3>{w.hoursOwn}</h3>
        {own.map((x, i) => {
          const set = (change: Partial<typeof x>) => put({ own: (draft.value.own ?? []).map((y, k) => (k === i ? { ...y, ...change } : y)) });
          return (
            <div class="grid" key={i}>
              {input(`own[${i}].on`, w.hoursDay, x.on, (v) => set({ on: ascii(v).trim() }))}
              {input(`own[${i}].name`, w.hoursWhy, x.name, (v) => set({ name: v.trim() }), false)}
            </div>
          );
        })}
        <button type="button" class="quiet" data-testid="hours-add-own" onClick={() => put({ own: [...own, { on: "", name: "" }] })}>{w.hoursAddOwn}</button>
        <Official it={d} view={view} put={put} />
        {!placed && <Late error={error.value} id="hours-fault" again={again} />}
        <p>
          <button class="main soft" disabled={busy.value} data-testid="hours-save">{w.soundSave}</button>{" "}
          {made && <button type="button" class="quiet" disabled={busy.value} data-testid="hours-delete" onClick={() => void run(() => send(`/api/hours/${encodeURIComponent(it.name)}/delete`))}>{w.soundDelete}</button>}
        </p>
      </form>
    </details>
  );
}

/** The official holidays of a year: each on or off here, and those by the moon a day earlier or later. */
function Official({ it, view, put }: { it: Schedule; view: HoursView; put: (change: Partial<Schedule>) => void }) {
  const years = [...new Set(view.holidays.map((h) => h.year))];
  const today = Number(new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", { year: "numeric" }).format(new Date(view.at)).replace(/\D/g, ""));
  const year = useSignal(years.includes(today) ? today : years[0]!);
  const w = t.value;
  const changes = it.changes ?? [];
  const of = (h: HolidayView) => (c: HolidayChange) => c.holiday === h.key && (!c.day || c.day === h.jalali || c.day === h.date);
  const change = (h: HolidayView, what: Partial<HolidayChange>) => {
    const was = changes.find((c) => c.day && of(h)(c)) ?? { holiday: h.key, day: h.jalali };
    const next = { ...was, ...what };
    put({ changes: [...changes.filter((c) => c !== was), ...(next.off || next.move ? [next] : [])] });
  };
  return (
    <fieldset>
      <legend>{w.hoursOfficial}</legend>
      <label class="check"><input type="checkbox" checked={it.holidays === "ir"} data-testid="hours-holidays" onChange={(e) => put({ holidays: e.currentTarget.checked ? "ir" : "none" })} /> {w.hoursIran}</label>{" "}
      {it.holidays === "ir" && (
        <>
          <label class="check">{w.hoursYear} <select data-testid="hours-year" value={year.value} onChange={(e) => (year.value = Number(e.currentTarget.value))}>{years.map((y) => <option key={y} value={y}>{language.value === "fa" ? count(y) : `${y} (${y + 621})`}</option>)}</select></label>
          <ul class="rows holidays">
            {view.holidays.filter((h) => h.year === year.value).map((h) => {
              const c = changes.find(of(h));
              const moved = new Date(Date.parse(`${h.date}T12:00:00Z`) + (c?.move ?? 0) * 86400000).toISOString().slice(0, 10);
              return (
                <li key={`${h.date} ${h.key}`} data-testid={`holiday-${h.key}`}>
                  <label class="check"><input type="checkbox" checked={!c?.off} onChange={(e) => change(h, { off: !e.currentTarget.checked })} /> {dated(moved)}: {language.value === "fa" ? h.names.fa : h.names.en}{h.reckoned && ` (${w.hoursReckoned})`}</label>
                  {h.moon && (
                    <select aria-label={w.hoursMove} value={c?.move ?? 0} onChange={(e) => change(h, { move: Number(e.currentTarget.value) })}>
                      {[-1, 0, 1].map((n) => <option key={n} value={n}>{w.hoursMoved[n + 1]}</option>)}
                    </select>
                  )}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </fieldset>
  );
}
