// The extensions: so many from a number on, or a list; then a sheet for each phone.
import { useSignal } from "@preact/signals";
import type { SetupCard, SetupMade, SetupPeople, SetupView } from "../api";
import { post } from "../client";
import { ascii, digits } from "../language";
import { Num } from "../parts";
import { Options, type StepProps, StepForm, Text, useStep, words, Wrongs } from "./step";
import { Sheets } from "./sheets";

export function PeopleStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const how = useSignal("count");
  const first = useSignal(next(view));
  const count = useSignal("5");
  const text = useSignal("");
  const made = useSignal<{ cards: SetupCard[]; view: SetupView } | null>(null);
  if (made.value) return <Sheets cards={made.value.cards} view={made.value.view} done={() => took(made.value!.view)} />;

  const save = async () => {
    const body: SetupPeople = how.value === "list" ? { csv: text.value } : { first: ascii(first.value), count: Number(ascii(count.value)) || 0 };
    const answer = await post<SetupMade>("/api/setup/people", body);
    made.value = { cards: answer.made, view: answer.view };
    took({ ...answer.view, at: "people" }); // the sheets come first
  };
  const load = (e: Event) => void (async () => {
    const file = (e.currentTarget as HTMLInputElement).files?.[0];
    if (file) text.value = await file.text();
  })();
  const lines = step.wrong.value.filter((x) => x.path.startsWith("people["));
  const told = lines.map((x) => `${how.value === "list" ? w.line(digits(/\d+/.exec(x.path)![0])) : ""}${x.message}`);
  return (
    <StepForm step={step} fields={["people", "count", "csv"]} save={save} label={w.makePeople}>
      {view.extensions.length > 0 && (
        <p class="shown" data-testid="setup-people-there">{w.there} {view.extensions.map((e, i) => <span key={e.number}>{i > 0 && w.comma}<Num>{e.number}</Num> <bdi>{e.name}</bdi></span>)}</p>
      )}
      <Options name="people" label={w.how} value={how.value} set={(id) => { how.value = id; step.wrong.value = []; }} list={[{ id: "count", label: w.byCount }, { id: "list", label: w.byList, hint: w.byListHint }]} />
      {how.value === "count" ? (
        <div class="fields">
          <Text id="people-first" label={w.first} value={digits(first.value)} set={(v) => (first.value = v)} mode="tel" wrong={told} />
          <Text id="people-number" label={w.count} value={digits(count.value)} set={(v) => (count.value = v)} mode="numeric" wrong={step.at("count")} />
        </div>
      ) : (
        <div class="field">
          <label for="people-csv">{w.table}</label>
          <textarea id="people-csv" data-testid="people-csv" rows={8} dir="auto" value={text.value} placeholder={w.tableExample} onInput={(e) => (text.value = e.currentTarget.value)}
            aria-invalid={told.length > 0 || undefined} aria-describedby={`people-csv-hint${told.length > 0 ? " people-csv-wrong" : ""}`} />
          <p class="hint" id="people-csv-hint">{w.tableHint}</p>
          <input type="file" accept=".csv,.txt,text/csv,text/plain" aria-label={w.tableFile} onChange={load} data-testid="people-file" />
          {told.length > 0 && <div class="fault" role="alert" id="people-csv-wrong" data-testid="people-csv-wrong"><ul>{told.map((x) => <li key={x}>{x}</li>)}</ul></div>}
          <Wrongs id="people-list" wrong={step.at("csv")} />
        </div>
      )}
    </StepForm>
  );
}

/** The number after the last one. */
const next = (view: SetupView): string => {
  const last = Math.max(0, ...view.extensions.map((e) => Number(e.number)).filter((n) => n < 1e6));
  return last > 0 ? String(last + 1) : "101";
};
