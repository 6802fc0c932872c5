// Restoring: choose a backup, look at what it would replace, and only then do it.
import { useSignal } from "@preact/signals";
import type { BackupList, BackupState, BackupStored, CareSettings } from "../api";
import { get, post } from "../client";
import { Field } from "../field";
import { aside, count, language } from "../language";
import { Empty, Fault, useAction } from "../parts";
import { careWords } from "../words/care";
import { when } from "./backup";
import { bytes, text } from "./form";

interface RestoreProps {
  settings: CareSettings;
  state: BackupState;
  take: (fresh: BackupState) => void;
  working: boolean;
}

const counts = ["revision", "extensions", "queues", "trunks", "months", "messages", "recordings", "files"] as const;

export function Restore({ settings, state, take, working }: RestoreProps) {
  const w = careWords[language.value];
  const { busy, error, run } = useAction();
  const list = useSignal<BackupStored[] | null>(null);
  const place = useSignal(settings.backup.places[0]?.name ?? "");
  const gone = useSignal(false);
  const show = () => run(async () => (list.value = (await get<BackupList>(`/api/care/backup/list?${new URLSearchParams({ place: place.value })}`)).backups));
  const look = (name: string, passphrase: string) => run(async () => take(await post<BackupState>("/api/care/backup/prepare", { place: place.value, name, passphrase })));
  const cancel = () => run(async () => take(await post<BackupState>("/api/care/backup/do", { do: "cancel" })));
  const restore = () => {
    if (!confirm(w.restoreAsk)) return;
    void run(async () => {
      await post("/api/care/backup/restore");
      gone.value = true;
    });
  };
  const p = state.pending;
  if (gone.value) return <p role="status" data-testid="restore-gone">{w.restarting}</p>;
  return (
    <>
      <p class="row-sub">{w.restoreLead}</p>
      <form class="find" onSubmit={(e) => { e.preventDefault(); void show(); }}>
        <label>{w.choose} <select value={place.value} onChange={(e) => { place.value = e.currentTarget.value; list.value = null; }} data-testid="restore-place">
          {settings.backup.places.map((b) => <option key={b.name} value={b.name}>{b.name}</option>)}
        </select></label>
        <button class="quiet" disabled={busy.value || !place.value} data-testid="restore-show">{w.show}</button>
      </form>
      <Fault error={error.value} id="restore-fault" />
      {list.value && (list.value.length === 0 ? <Empty>{w.noBackups}</Empty> : list.value.map((b) => (
        <form class="row" key={b.name} onSubmit={(e) => { e.preventDefault(); void look(b.name, text(new FormData(e.currentTarget), "passphrase")); }} data-testid="restore-backup">
          <div class="row-main">
            <span class="row-name">{when(b.made, settings.zone)}</span>
            <span class="row-sub">{bytes(b.size)} {!b.own && w.foreign}</span>
            {!b.own && <Field label={w.otherPassphrase} name="passphrase" id={`restore-pass-${b.name}`} type="password" autocomplete="off" required={false} ltr />}
          </div>
          <button class="quiet" disabled={busy.value || working} data-testid="restore-look">{w.preview}</button>
        </form>
      )))}
      {p && (
        <section data-testid="restore-preview">
          <p>{w.wouldReplace(aside(p.header.box), when(p.header.made, settings.zone), aside(p.header.version))}</p>
          <table class="table">
            <thead><tr><td /><th scope="col">{w.holds}</th><th scope="col">{w.has}</th></tr></thead>
            <tbody>{counts.map((c) => <tr key={c}><th scope="row">{w.summary[c]}</th><td>{count(p.holds[c])}</td><td>{count(p.now[c])}</td></tr>)}</tbody>
          </table>
          {p.keeps_recordings && <p class="hint">{w.keepsRecordings}</p>}
          <span class="buttons">
            <button class="main danger" disabled={busy.value} onClick={restore} data-testid="restore-do">{w.restoreNow}</button>
            <button class="quiet" disabled={busy.value} onClick={() => void cancel()} data-testid="restore-cancel">{w.cancel}</button>
          </span>
        </section>
      )}
    </>
  );
}
