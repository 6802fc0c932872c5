// The tones of the network: the country's, or those that the business has set itself.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Settings, Tone } from "./api";
import { bytes, change, get } from "./client";
import { Field, isAbout, number, numbers } from "./field";
import { digits, t } from "./language";
import { Late } from "./late";
import { Card, Fault, useAction } from "./parts";

export function Tones() {
  const all = useSignal<Settings | null>(null);
  const { error, run } = useAction();
  const load = () => void run(async () => (all.value = await get<Settings>("/api/settings")));
  useEffect(load, []);
  const w = t.value;
  return (
    <Card id="tones" title={w.tones}>
      <p class="row-sub">{w.tonesLead}</p>
      <Fault error={error.value} />
      {all.value?.tones.map((tone) => <ToneForm key={tone.name} tone={tone} revision={all.value!.revision} changed={(fresh) => (all.value = fresh)} again={load} />)}
    </Card>
  );
}

const joined = (list: number[]): string => digits(list.join(" "));

function ToneForm({ tone: o, revision, changed, again }: { tone: Tone; revision: number; changed: (all: Settings) => void; again: () => void }) {
  const { busy, error, run } = useAction();
  const form = useRef<HTMLFormElement>(null);
  const w = t.value;
  const written = (): Tone => {
    const f = new FormData(form.current!);
    return { name: o.name, own: true, hz: numbers(f, "hz", w.wholeNumbers), level: number(f, "level", w.wholeNumber), cadence: numbers(f, "cadence", w.wholeNumbers) };
  };
  const keep = (body: () => Tone) => run(async () => changed(await change<Settings>("POST", "/api/settings/tones", revision, body())));
  const listen = () => run(async () => {
    const x = written();
    const q = new URLSearchParams({ hz: x.hz.join(), level: String(x.level), cadence: x.cadence.join() });
    const url = URL.createObjectURL(new Blob([await bytes(`/api/settings/tone.wav?${q}`)], { type: "audio/wav" }));
    const sound = new Audio(url);
    sound.onended = () => URL.revokeObjectURL(url);
    await sound.play();
  });
  const id = `tone-${o.name}`;
  const what = w.toneName[o.name] ?? o.name;
  return (
    <details class="settings" data-testid={id} data-state={o.own ? "own" : "country"}>
      <summary>{what} <span class="hint">{o.own ? w.toneOwn : w.toneCountry} · <bdi dir="ltr">{joined(o.hz)} Hz</bdi></span></summary>
      <form ref={form} key={JSON.stringify(o)} onSubmit={(e) => { e.preventDefault(); void keep(written); }}>
        <div class="grid">
          <Field label={w.toneHz} hint={w.toneHzHint} name="hz" id={`${id}-hz`} value={joined(o.hz)} autocomplete="off" max={40} ltr error={error.value} />
          <Field label={w.toneLevel} hint={w.toneLevelHint} name="level" id={`${id}-level`} value={String(o.level)} autocomplete="off" max={6} ltr error={error.value} />
          <Field label={w.toneCadence} hint={w.toneCadenceHint} name="cadence" id={`${id}-cadence`} value={joined(o.cadence)} autocomplete="off" max={100} ltr required={false} error={error.value} />
        </div>
        {!isAbout(error.value, "hz", "level", "cadence") && <Late error={error.value} id={`${id}-fault`} again={() => { error.value = null; again(); }} />}
        <span class="buttons">
          <button class="main soft" disabled={busy.value} data-testid={`${id}-save`} aria-label={`${w.soundSave}: ${what}`}>{w.soundSave}</button>
          <button type="button" class="quiet" disabled={busy.value} onClick={listen} data-testid={`${id}-listen`} aria-label={`${w.toneListen}: ${what}`}>{w.toneListen}</button>
          {o.own && <button type="button" class="quiet" disabled={busy.value} onClick={() => void keep(() => ({ ...o, own: false }))} data-testid={`${id}-country`} aria-label={`${w.toneAgain}: ${what}`}>{w.toneAgain}</button>}
        </span>
      </form>
    </details>
  );
}
