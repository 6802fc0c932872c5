// For how long recordings are kept, and whether people are told.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Retention as Rules, Settings } from "./api";
import { get, post } from "./client";
import { Field, isAbout, number } from "./field";
import { digits, t } from "./language";
import { Fault, useAction } from "./parts";

const fields = ["keep_days", "max_size_mb", "min_free_mb", "warn_days"] as const;

export function Retention() {
  const rules = useSignal<Rules | null>(null);
  const saved = useSignal(false);
  const { busy, error, run } = useAction();
  useEffect(() => void run(async () => (rules.value = (await get<Settings>("/api/settings")).recording)), []);
  const w = t.value;
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    saved.value = false;
    void run(async () => {
      const of = (name: string) => number(form, name, w.wholeNumber);
      const body: Rules = { announce: form.has("announce"), keep_days: of("keep_days"), max_size_mb: of("max_size_mb"), min_free_mb: of("min_free_mb"), warn_days: of("warn_days") };
      rules.value = (await post<Settings>("/api/settings/recording", body)).recording;
      saved.value = true;
    });
  };
  const r = rules.value;
  return (
    <details class="settings" data-testid="retention">
      <summary>{w.retention}</summary>
      {r && (
        <form onSubmit={submit} onInput={() => (saved.value = false)}>
          <label class="check"><input type="checkbox" name="announce" defaultChecked={r.announce} data-testid="retention-announce" /> {w.retentionAnnounce}</label>
          <div class="grid">
            {fields.map((name) => <Field key={name} label={w.retentionField[name]!} hint={w.retentionHint[name]!} name={name} id={`retention-${name}`} value={digits(String(r[name]))} autocomplete="off" mode="numeric" max={9} ltr error={error.value} />)}
          </div>
          {!isAbout(error.value, ...fields) && <Fault error={error.value} id="retention-fault" />}
          <button class="main soft" disabled={busy.value} data-testid="retention-save">{w.soundSave}</button>
          {saved.value && <span role="status" class="hint" data-testid="retention-saved"> {w.saved}</span>}
        </form>
      )}
    </details>
  );
}
