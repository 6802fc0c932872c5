// For how long recordings are kept, and whether people are told.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Retention as Rules, Settings } from "./api";
import { change, get } from "./client";
import { Field, isAbout, number } from "./field";
import { digits, t } from "./language";
import { Late } from "./late";
import { useAction } from "./parts";

const fields = ["keep_days", "max_size_mb", "min_free_mb", "warn_days"] as const;

export function Retention() {
  const all = useSignal<Settings | null>(null);
  const saved = useSignal(false);
  const { busy, error, run } = useAction();
  const load = () => void run(async () => (all.value = await get<Settings>("/api/settings")));
  useEffect(load, []);
  const w = t.value;
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    saved.value = false;
    void run(async () => {
      const of = (name: string) => number(form, name, w.wholeNumber);
      const body: Rules = { announce: form.has("announce"), keep_days: of("keep_days"), max_size_mb: of("max_size_mb"), min_free_mb: of("min_free_mb"), warn_days: of("warn_days") };
      all.value = await change<Settings>("POST", "/api/settings/recording", all.value!.revision, body);
      saved.value = true;
    });
  };
  const r = all.value?.recording;
  return (
    <details class="settings" data-testid="retention">
      <summary>{w.retention}</summary>
      {r && (
        <form key={JSON.stringify(r)} onSubmit={submit} onInput={() => (saved.value = false)}>
          <label class="check"><input type="checkbox" name="announce" defaultChecked={r.announce} data-testid="retention-announce" /> {w.retentionAnnounce}</label>
          <div class="grid">
            {fields.map((name) => <Field key={name} label={w.retentionField[name]!} hint={w.retentionHint[name]!} name={name} id={`retention-${name}`} value={digits(String(r[name]))} autocomplete="off" mode="numeric" max={9} ltr error={error.value} />)}
          </div>
          {!isAbout(error.value, ...fields) && <Late error={error.value} id="retention-fault" again={load} />}
          <button class="main soft" disabled={busy.value} data-testid="retention-save">{w.soundSave}</button>
          {saved.value && <span role="status" class="hint" data-testid="retention-saved"> {w.saved}</span>}
        </form>
      )}
    </details>
  );
}
