// A day of either calendar: typed, or chosen on a sheet of the month by mouse or keys (WAI-ARIA, date picker dialog).
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ascii, digits, t } from "../language";
import { calendar, words } from "./asked";
import { addMonths, dateOf, dayOf, firstWeekday, monthLength, parse, typed, weekdayOf, weekStart } from "./calendar";
import { dayWords } from "./when";

/** A day that may be empty is chosen as null. */
interface Props<D> { label: string; day: D; today: number; id: string; mayBeEmpty?: boolean; choose: (day: D) => void }

export function DayField<D extends number | null>({ label, day, today, id, choose, mayBeEmpty = false }: Props<D>) {
  const w = words.value;
  const open = useSignal(false);
  const wrong = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const take = (text: string) => {
    const read = parse(ascii(text));
    const none = mayBeEmpty && text.trim() === "";
    wrong.value = read === null && !none;
    if (!wrong.value) choose(read as D);
  };
  const close = () => {
    open.value = false;
    button.current?.focus();
  };
  return (
    <div class="day-field">
      <label for={id}>{label}</label>
      <span class="day-entry">
        <input id={id} data-testid={id} dir="ltr" inputMode="numeric" autocomplete="off" maxLength={12} value={day === null ? "" : digits(typed(day, calendar.value))} title={w.dayHint}
          aria-invalid={wrong.value || undefined} aria-describedby={wrong.value ? `${id}-wrong` : undefined} onChange={(e) => take(e.currentTarget.value)} />
        <button ref={button} type="button" class="quiet" aria-haspopup="dialog" aria-expanded={open.value} aria-label={w.pickDay(label)} onClick={() => (open.value = !open.value)} data-testid={`${id}-pick`}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>
        </button>
      </span>
      {wrong.value && <p class="fault" role="alert" id={`${id}-wrong`} data-testid={`${id}-wrong`}>{w.noDay}</p>}
      {open.value && <Month day={day ?? today} today={today} label={label} close={close} choose={(d) => { wrong.value = false; choose(d as D); close(); }} />}
    </div>
  );
}

/** A month's sheet. The arrows go by days, page keys by months, with shift by years. */
function Month({ day, today, label, choose, close }: { day: number; today: number; label: string; choose: (day: number) => void; close: () => void }) {
  const at = useSignal(day);
  const sheet = useRef<HTMLDivElement>(null);
  const cal = calendar.value;
  useLayoutEffect(() => sheet.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(), [at.value]);
  useEffect(() => {
    const outside = (e: PointerEvent) => {
      if (!sheet.current?.parentElement?.contains(e.target as Node)) close();
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1; // where the right arrow leads
  const key = (e: KeyboardEvent) => {
    const [week, months] = [weekStart(at.value, cal), e.shiftKey ? 12 : 1];
    const to: { [key: string]: number } = {
      ArrowLeft: at.value - ahead, ArrowRight: at.value + ahead, ArrowUp: at.value - 7, ArrowDown: at.value + 7, Home: week, End: week + 6,
      PageUp: addMonths(at.value, -months, cal), PageDown: addMonths(at.value, months, cal),
    };
    if (e.key === "Escape") close();
    else if (to[e.key] !== undefined) at.value = to[e.key]!;
    else return;
    e.preventDefault();
  };
  const { year, month } = dateOf(at.value, cal);
  const start = dayOf({ year, month, day: 1 }, cal);
  const lead = (weekdayOf(start) - firstWeekday(cal) + 7) % 7;
  const days = monthLength(year, month, cal);
  const rows = Math.ceil((lead + days) / 7);
  const w = dayWords.value;
  return (
    <div class="month" role="dialog" aria-modal="false" aria-label={words.value.pickDay(label)} ref={sheet} onKeyDown={key} data-testid="month">
      <header>
        <button type="button" class="quiet" onClick={() => (at.value = addMonths(at.value, -1, cal))} aria-label={words.value.previousMonth}>‹</button>
        <strong aria-live="polite" data-testid="month-name">{w.month(start)}</strong>
        <button type="button" class="quiet" onClick={() => (at.value = addMonths(at.value, 1, cal))} aria-label={words.value.nextMonth}>›</button>
      </header>
      <table role="grid">
        <thead><tr>{Array.from({ length: 7 }, (_, i) => <th key={i} scope="col"><abbr title={w.weekday(start - lead + i)}>{w.narrow(start - lead + i)}</abbr></th>)}</tr></thead>
        <tbody>{Array.from({ length: rows }, (_, row) => (
          <tr key={row}>{Array.from({ length: 7 }, (_, i) => {
            const d = start - lead + row * 7 + i;
            if (d < start || d >= start + days) return <td key={i} />;
            return (
              <td key={i} role="gridcell" aria-selected={d === day}>
                <button type="button" tabIndex={d === at.value ? 0 : -1} class={`${d === day ? "chosen" : ""} ${d === today ? "today" : ""}`} aria-current={d === today ? "date" : undefined}
                  aria-label={w.full(d)} onClick={() => choose(d)}>{w.number(d)}</button>
              </td>
            );
          })}</tr>
        ))}</tbody>
      </table>
      <button type="button" class="quiet" onClick={close} data-testid="month-close">{t.value.close}</button>
    </div>
  );
}
