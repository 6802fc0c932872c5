// When the business is open, its holidays, and the days that it closes by itself.
import { useSignal } from "@preact/signals";
import type { SetupHours, SetupView } from "../api";
import { post } from "../client";
import { ascii, digits, language, t } from "../language";
import { type StepProps, StepForm, Text, useStep, words } from "./step";

const week = ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"] as const;

/** The week of most offices: of Iran, or of elsewhere. */
const usual = (iran: boolean): SetupHours => ({
  week: Object.fromEntries(iran ? week.slice(0, 6).map((d) => [d, [d === "thursday" ? "8:00-13:00" : "8:00-17:00"]]) : [...week.slice(2, 6), "friday"].map((d) => [d, ["9:00-17:00"]])),
  holidays: iran ? "ir" : "none", own: [],
});
const blocks = (text: string): string[] => ascii(text).replace(/\s*[-–]\s*/g, "-").split(/[\s,،]+/).filter(Boolean);

export function HoursStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const first: SetupHours = view.hours.name ? { week: view.hours.week ?? {}, holidays: view.hours.holidays ?? "none", own: view.hours.own ?? [] } : usual(language.value === "fa" || view.box.country === "IR");
  const draft = useSignal(first);
  const own = draft.value.own;
  const put = (change: Partial<SetupHours>) => (draft.value = { ...draft.value, ...change });
  const day = (i: number, change: Partial<SetupHours["own"][number]>) => put({ own: own.map((x, k) => (k === i ? { ...x, ...change } : x)) });
  const texts = useSignal(Object.fromEntries(week.map((d) => [d, digits((first.week[d] ?? []).join(", "))])));
  return (
    <StepForm step={step} fields={["week", "own"]} save={async () => took(await post<SetupView>("/api/setup/hours", draft.value))}>
      <p class="hint">{t.value.hoursBlocks}</p>
      <div class="fields">
        {week.map((d) => (
          <Text key={d} id={`setup-week-${d}`} label={t.value.weekdays[d]!} value={texts.value[d]!} wrong={step.at(`week.${d}`)}
            set={(v) => { texts.value = { ...texts.value, [d]: v }; put({ week: { ...draft.value.week, [d]: blocks(v) } }); }} />
        ))}
      </div>
      <label class="tick"><input type="checkbox" checked={draft.value.holidays === "ir"} data-testid="setup-holidays" onChange={(e) => put({ holidays: e.currentTarget.checked ? "ir" : "none" })} /> {t.value.hoursIran}</label>
      <h3>{t.value.hoursOwn}</h3>
      <p class="hint">{t.value.hoursDates}</p>
      {own.map((x, i) => (
        <div class="fields" key={i}>
          <Text id={`setup-own-${i}-on`} label={t.value.hoursDay} value={digits(x.on)} set={(v) => day(i, { on: ascii(v).trim() })} wrong={step.at(`own[${i}].on`)} />
          <Text id={`setup-own-${i}-name`} label={t.value.hoursWhy} value={x.name} set={(v) => day(i, { name: v })} wrong={step.at(`own[${i}].name`)} ltr={false} />
        </div>
      ))}
      <p><button type="button" class="quiet" onClick={() => put({ own: [...own, { on: "", name: "" }] })} data-testid="setup-own-add">{t.value.hoursAddOwn}</button></p>
      <p class="hint">{w.closedHint}</p>
    </StepForm>
  );
}
