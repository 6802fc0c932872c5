// A new version from a file. It is written beside the one that runs.
import { useSignal } from "@preact/signals";
import type { Updating } from "../api";
import { upload } from "../client";
import { language, percent } from "../language";
import { Card, Fault, useAction } from "../parts";
import { applianceWords } from "../words/appliance";
import { look } from "./state";

export function Update({ updating }: { updating: Updating }) {
  const w = applianceWords[language.value];
  const { busy, error, run } = useAction();
  const sent = useSignal(0);
  const take = (e: Event) => {
    const input = e.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    void run(async () => {
      sent.value = 0;
      try {
        await upload("/api/appliance/update", file, (part) => (sent.value = part));
      } finally {
        input.value = "";
      }
      await look();
    });
  };
  return (
    <Card id="appliance-update" title={w.update} class="care thing">
      <p class="row-sub">{w.updateLead}</p>
      <div class="field">
        <label for="update-file">{w.updateFile}</label>
        <input id="update-file" type="file" disabled={busy.value} onChange={take} data-testid="update-file" />
      </div>
      {busy.value && <p role="status"><progress max={1} value={sent.value} aria-label={w.update} /> {sent.value < 1 ? w.sending(percent(sent.value)) : w.checking}</p>}
      <Fault error={error.value} id="update-fault" />
      {updating.waiting && <p class="shown" role="status" data-testid="update-waiting">{w.waiting(updating.version ?? "")}</p>}
    </Card>
  );
}
