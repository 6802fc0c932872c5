// "Try without a phone": what would become of a call, told and heard.
import { signal } from "@preact/signals";
import type { Tried } from "./api";
import { get } from "./client";
import { Field, isAbout } from "./field";
import { ascii, language, t } from "./language";
import { Card, Fault, useAction } from "./parts";
import { Player } from "./player";
import { StoryLine } from "./story";

const fields = ["to", "from", "at", "keys", "phones", "on", "day"] as const;
interface Rehearsed { query: string; told: Tried }
const last = signal<Rehearsed | null>(null);

export function Rehearsal() {
  const { busy, error, run } = useAction();
  const w = t.value;
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    void run(async () => {
      last.value = null;
      const query = new URLSearchParams({ lang: language.value });
      for (const name of fields) query.set(name, ascii(String(form.get(name) ?? "")).trim());
      if (form.has("draft")) query.set("draft", "1");
      const told = await get<Tried>(`/api/try?${query}`);
      query.set("at", told.at); // the sound is of the same moment
      last.value = { query: query.toString(), told };
    });
  };
  const done = last.value;
  return (
    <Card id="rehearsal" title={w.rehearsal}>
      <p class="lead">{w.rehearsalLead}</p>
      <form onSubmit={submit}>
        <div class="grid">
          {fields.map((name) => (
            <Field key={name} label={w.rehearsalField[name]!} hint={w.rehearsalHint[name]!} name={name} id={`rehearsal-${name}`} autocomplete="off"
              ltr={name !== "at"} max={64} required={name === "to"} error={error.value} />
          ))}
        </div>
        <label class="check"><input type="checkbox" name="draft" data-testid="rehearsal-draft" /> {w.rehearsalDraft}</label>
        {!isAbout(error.value, ...fields) && <Fault error={error.value} id="rehearsal-fault" />}
        <button class="main soft" disabled={busy.value} data-testid="rehearsal-go">{w.rehearsalGo}</button>
      </form>
      {done && (
        <div data-testid="rehearsal-told">
          <ol class="story">{done.told.lines.map((line, i) => <StoryLine key={i} line={line} />)}</ol>
          {done.told.cut && <p class="hint">{w.rehearsalCut}</p>}
          <Player path={`/api/try/sound.wav?${done.query}`} version={done.query} id="rehearsal-audio" />
        </div>
      )}
    </Card>
  );
}
