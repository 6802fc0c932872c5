// The business's own music and recordings.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Prompt, Sound, SoundList } from "./api";
import { get, post, upload } from "./client";
import { aside, digits, duration, language, t } from "./language";
import { Classes } from "./music";
import { Card, Empty, Fault, Lamp, useAction } from "./parts";

const nothing: SoundList = { sounds: [], music: [], prompts: [], uses: [] };

export function Sounds() {
  const all = useSignal(nothing);
  const sent = useSignal(-1); // part of the upload, or none
  const unit = useSignal("");
  const { busy, error, run } = useAction();
  const load = async () => void (all.value = await get<SoundList>("/api/sounds"));
  useEffect(() => void run(load), []);
  const converting = all.value.sounds.some((s) => s.state === "converting");
  useEffect(() => {
    if (!converting) return;
    const timer = setInterval(() => void load().catch(() => undefined), 1000);
    return () => clearInterval(timer);
  }, [converting]);
  const w = t.value;

  const choose = (e: Event) => {
    const input = e.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const name = file.name.replace(/\.[^.]*$/, "").slice(0, 64) || file.name;
    void run(async () => {
      sent.value = 0;
      try {
        await upload(`/api/sounds?${new URLSearchParams({ name, prompt: unit.value })}`, file, (part) => (sent.value = part));
        await load();
      } finally {
        sent.value = -1;
      }
    });
  };
  const percent = (part: number) => digits(`${Math.round(part * 100)}%`);
  return (
    <Card id="sounds" title={w.sounds}>
      <p class="row-sub">{w.soundsLead}</p>
      <div class="sound-add">
        <label class="sound-use">{w.soundUse}{" "}
          <select value={unit.value} onChange={(e) => (unit.value = e.currentTarget.value)} data-testid="sound-prompt">
            <option value="">{w.soundMusic}</option>
            {all.value.prompts.filter((p) => p.unit.startsWith(`${language.value}/`)).map((p: Prompt) => <option key={p.unit} value={p.unit}>{digits(p.number)} {p.missing ? "⚠ " : ""}{p.text}</option>)}
          </select>
        </label>
        <input type="file" accept=".wav,.mp3,audio/wav,audio/mpeg" aria-label={w.soundChoose} disabled={busy.value} onChange={choose} data-testid="sound-file" />
      </div>
      {sent.value >= 0 && <p role="status" data-testid="sound-sent">{w.soundSending(percent(sent.value))} <progress value={sent.value} aria-label={w.soundSending("")} /></p>}
      <Fault error={error.value} id="sound-fault" />
      {all.value.sounds.length === 0 ? <Empty>{w.soundsEmpty}</Empty> : (
        <ul class="rows">{all.value.sounds.map((s) => <Row key={s.id} sound={s} prompts={all.value.prompts} changed={(l) => (all.value = l)} percent={percent} />)}</ul>
      )}
      <Classes all={all.value} changed={(l) => (all.value = l)} />
    </Card>
  );
}

function Row({ sound: s, prompts, changed, percent }: { sound: Sound; prompts: Prompt[]; changed: (l: SoundList) => void; percent: (part: number) => string }) {
  const { busy, error, run } = useAction();
  const name = useSignal<string | null>(null);
  const w = t.value;
  const rename = () => run(async () => {
    if (name.value !== null && name.value !== s.name) changed(await post(`/api/sounds/${s.id}/rename`, { name: name.value }));
    name.value = null;
  });
  const said = prompts.find((p) => p.unit === s.unit)?.text;
  return (
    <li class="row" data-testid="sound" data-name={s.name} data-state={s.state}>
      <Lamp mood={s.state === "ready" ? "ready" : s.state === "failed" ? "bad" : "rest"} />
      <div class="row-main">
        {name.value === null ? <span class="row-name"><bdi>{s.name}</bdi></span> : (
          <input value={name.value} maxLength={64} aria-label={w.soundName} onInput={(e) => (name.value = e.currentTarget.value)} data-testid="sound-name" />
        )}
        <span class="row-sub">
          {s.state === "ready" ? duration(s.length) : s.state === "failed" ? s.problem?.[language.value] : w.soundConverting(percent(s.done))}
          {said && <> {w.soundReplaces(aside(said))}</>}
        </span>
        {s.state === "converting" && <progress value={s.done} aria-label={w.soundConverting("")} />}
        {s.state === "ready" && <audio controls preload="none" src={`/api/sounds/${s.id}/audio.wav`} aria-label={`${w.play} ${s.name}`} />}
        <Fault error={error.value} id="sound-row-fault" />
      </div>
      {s.state === "ready" && (
        <button class="quiet" disabled={busy.value} aria-label={`${name.value === null ? w.soundRename : w.soundSave} ${s.name}`} data-testid="sound-rename"
          onClick={() => (name.value === null ? (name.value = s.name) : void rename())}>{name.value === null ? w.soundRename : w.soundSave}</button>
      )}
      {s.state !== "converting" && (
        <button class="quiet" disabled={busy.value} aria-label={`${w.soundDelete} ${s.name}`} data-testid="sound-delete"
          onClick={() => void run(async () => changed(await post(`/api/sounds/${s.id}/delete`)))}>{w.soundDelete}</button>
      )}
    </li>
  );
}
