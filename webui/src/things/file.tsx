// The settings as a file: saved, loaded, and seen before they are put in force.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Difference, File as Text, History } from "../api";
import { get, post } from "../client";
import { language } from "../language";
import { Fault, useAction } from "../parts";
import { onTrial } from "../store";
import { thingWords } from "../words/things";
import { Changes } from "./changes";

export function SettingsFile() {
  const w = thingWords[language.value];
  const file = useSignal<Text | null>(null);
  const seen = useSignal<Difference | null>(null); // of what is in the box below
  const { busy, error, run } = useAction();
  const load = () => run(async () => void (file.value = await get<Text>("/api/configuration")));
  useEffect(() => void load(), []);
  if (!file.value) return <Fault error={error.value} />;
  const write = (yaml: string) => {
    file.value = { ...file.value!, yaml };
    seen.value = null;
  };
  const apply = () => void run(async () => {
    onTrial.value = (await post<History>("/api/configuration", file.value)).trial ?? null;
    seen.value = null;
    file.value = await get<Text>("/api/configuration");
  });
  return (
    <section class="card thing">
      <h2>{w.file}</h2>
      <p class="hint">{w.fileLead}</p>
      <div class="buttons">
        <a class="quiet" download="pasokh.yaml" href={`data:application/yaml;charset=utf-8,${encodeURIComponent(file.value.yaml)}`}>{w.download}</a>
        <label class="quiet pick">{w.load} <input type="file" accept=".yaml,.yml,text/plain" data-testid="file-load" onChange={async (e) => { const f = e.currentTarget.files?.[0]; if (f) write(await f.text()); }} /></label>
      </div>
      <div class="field"><label for="file-text">{w.text}</label><textarea id="file-text" data-testid="file-text" dir="ltr" rows={18} spellcheck={false} value={file.value.yaml} onInput={(e) => write(e.currentTarget.value)} /></div>
      <Fault error={error.value} id="file-fault" />
      {seen.value && (seen.value.wrong.length > 0
        ? <ul class="fault" role="alert" data-testid="file-wrong">{seen.value.wrong.map((x) => <li key={x.path}><bdi>{x.path}</bdi>: {x.message}</li>)}</ul>
        : <div role="status"><Changes list={seen.value.changes} /></div>)}
      <div class="buttons">
        <button class="main" disabled={busy.value} onClick={() => void run(async () => void (seen.value = await post<Difference>("/api/configuration/check", file.value)))} data-testid="file-check">{w.check}</button>
        {seen.value && seen.value.wrong.length === 0 && seen.value.changes.length > 0 && <button class="quiet" disabled={busy.value} onClick={apply} data-testid="file-apply">{w.apply}</button>}
      </div>
    </section>
  );
}
