// How each schedule of opening hours stands.
import type { HoursState } from "./api";
import { calendarOf, language, t } from "./language";
import { Card, Lamp } from "./parts";
import { hours, now } from "./store";

/** How each schedule stands, on a box that has any. */
export const Hours = () =>
  hours.value.length === 0 ? null : (
    <Card id="hours" title={t.value.hours}>
      <ul class="rows">{hours.value.map((s) => <State key={s.name} it={s} />)}</ul>
    </Card>
  );

function State({ it: s }: { it: HoursState }) {
  const w = t.value;
  const { day, hour } = calendarOf(s.zone);
  const when = s.until && [day(s.until) === day(now.value) ? "" : day(s.until), hour(s.until)].filter(Boolean).join(language.value === "fa" ? "، " : ", ");
  const why = s.names[language.value === "fa" ? "fa" : "en"] || w.hoursCause[s.cause] || "";
  return (
    <li class="row" data-testid="hours-state" data-name={s.name} data-open={s.open}>
      <Lamp mood={s.open ? "call" : "off"} />
      <div class="row-main">
        <span class="row-name"><bdi>{s.name}</bdi></span>
        <span class={`state ${s.open ? "call" : "off"}`}>{s.open ? w.hoursOpen : w.hoursClosed}{!s.open && why && ` (${why})`}</span>
        <span class="row-sub">{when ? w.hoursUntil(when) : w.hoursNever}</span>
      </div>
    </li>
  );
}
