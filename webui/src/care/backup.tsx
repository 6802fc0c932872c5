// Copies of the box: how they stand, when they are made, and where they go.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BackupPlaceForm, BackupState, CareSettings } from "../api";
import { get, post } from "../client";
import { Field, number } from "../field";
import { aside, calendarOf, count, digits, language, t } from "../language";
import { Card, Empty, Fault, Lamp, useAction } from "../parts";
import { careWords } from "../words/care";
import { bytes, Choice, Form, text } from "./form";
import type { Edits } from "./place";
import { Restore } from "./restore";

const poll = 1000;

/** A moment in the box's time zone. */
export const when = (at: string, zone: string): string => `${calendarOf(zone).day(at)} ${calendarOf(zone).hour(at)}`;

export function Backup({ settings, take }: Edits) {
  const w = careWords[language.value];
  const state = useSignal<BackupState | null>(null);
  const { busy, error, run } = useAction();
  const load = () => run(async () => (state.value = await get<BackupState>("/api/care/backup")));
  const act = (what: string) => run(async () => (state.value = await post<BackupState>("/api/care/backup/do", { do: what })));
  useEffect(() => void load(), [settings]);
  const s = state.value;
  const working = Boolean(s?.job && !s.job.over);
  useEffect(() => {
    if (!working) return;
    const ticking = setInterval(() => void load(), poll);
    return () => clearInterval(ticking);
  }, [working]);
  const asks = useSignal(settings.backup.places.length === 0); // it stays as it is when the form is saved
  const ready = settings.backup.places.length > 0 && settings.backup.passphrase !== "";
  return (
    <Card id="care-backup" title={w.backup} class="care">
      <p class="row-sub">{w.backupLead}</p>
      <Fault error={error.value} id="backup-fault" />
      {s && <How state={s} zone={settings.zone} />}
      <span class="buttons">
        <button class="main soft" disabled={busy.value || working || !ready} onClick={() => void act("make")} data-testid="backup-now">{w.makeNow}</button>
        <button class="quiet" disabled={busy.value || working || !ready || !s?.last.some((r) => !r.fault)} onClick={() => void act("rehearse")} data-testid="backup-rehearse">{w.rehearse}</button>
      </span>
      <details class="settings" open={asks.value} onToggle={(e) => (asks.value = e.currentTarget.open)} data-testid="backup-settings">
        <summary>{w.schedule}</summary>
        <Schedule settings={settings} take={take} />
      </details>
      <details class="settings" data-testid="backup-restore">
        <summary>{w.restore}</summary>
        {s && <Restore settings={settings} state={s} take={(fresh) => (state.value = fresh)} working={working} />}
      </details>
    </Card>
  );
}

/** What went wrong, in words if there are some for it, and as it was told otherwise. */
const why = (f: { fault?: string; code?: string }): string => careWords[language.value].faults[f.code ?? ""] ?? aside(f.fault ?? "");

/** How the last backups went, what goes on, and whether the newest was proved. */
function How({ state: s, zone }: { state: BackupState; zone: string }) {
  const w = careWords[language.value];
  return (
    <>
      {s.job && !s.job.over && <p role="status" data-testid="backup-job">{w.jobs[s.job.kind]}… {w.soFar(bytes(s.job.bytes))}</p>}
      {s.job?.over && s.job.fault && <p class="fault" role="alert" data-testid="backup-job-fault">{w.jobFault} {why(s.job)}</p>}
      {s.last.map((r) => (
        <div class="row" key={r.place} data-testid={`backup-last-${r.place}`} data-fault={Boolean(r.fault)}>
          <Lamp mood={r.fault ? "bad" : "ready"} />
          <div class="row-main">
            <span class="row-name">{r.fault ? w.lastFault(r.place, when(r.at, zone), why(r)) : w.lastAt(r.place, when(r.at, zone), bytes(r.size))}</span>
            {!r.fault && <span class="row-sub" dir="ltr">{r.name}</span>}
          </div>
        </div>
      ))}
      <div class="row">
        <Lamp mood={!s.proof ? "off" : s.proof.fault ? "bad" : "ready"} />
        <div class="row-main">
          <span data-testid="backup-proof" data-state={!s.proof ? "none" : s.proof.fault ? "bad" : "good"}>
            {!s.proof ? w.proofNone : s.proof.fault ? w.proofBad(when(s.proof.at, zone), why(s.proof)) : w.proofGood(when(s.proof.at, zone), count(s.proof.holds.files))}
          </span>
          {s.next && <span class="row-sub">{w.nextAt(when(s.next, zone))}</span>}
        </div>
      </div>
    </>
  );
}

const none: BackupPlaceForm = { name: "", kind: "folder", path: "", server: "", user: "", password: "", host_key: "", bucket: "", region: "" };
const placeFields: { [kind: string]: (keyof BackupPlaceForm)[] } = {
  folder: ["path"], usb: ["path"], sftp: ["server", "user", "password", "path", "host_key"], s3: ["server", "bucket", "region", "user", "password", "path"],
};

function Schedule({ settings, take }: Edits) {
  const w = careWords[language.value];
  const b = settings.backup;
  const places = useSignal<BackupPlaceForm[]>(b.places);
  const edit = (i: number, change: Partial<BackupPlaceForm>) => (places.value = places.value.map((p, k) => (k === i ? { ...p, ...change } : p)));
  const save = async (form: FormData) => {
    const all = places.value.map((p, i) => {
      const of = (f: keyof BackupPlaceForm) => text(form, `places[${i}].${f}`);
      return { ...none, kind: p.kind, name: of("name"), ...Object.fromEntries(placeFields[p.kind]!.map((f) => [f, of(f)])) };
    });
    const fresh = await post<CareSettings>("/api/care/backup", {
      every: text(form, "every"), at: text(form, "at"), keep: number(form, "keep", t.value.wholeNumber), recordings: form.has("recordings"),
      passphrase: text(form, "passphrase"), places: all,
    });
    places.value = fresh.backup.places;
    take(fresh);
  };
  const word = (kind: string, f: keyof BackupPlaceForm): string =>
    ({ path: w.path, server: w.server, user: kind === "s3" ? w.accessKey : w.user, password: kind === "s3" ? w.secretKey : w.password, host_key: w.hostKey, bucket: w.bucket, region: w.region, name: w.name, kind: w.kind })[f];
  return (
    <Form id="backup" fields={["at", "keep", "passphrase"]} save={save}>
      {(error) => (
        <>
          <div class="grid">
            <Choice label={w.every} name="every" id="backup-every" value={b.every} words={w.everies} />
            <Field label={w.at} name="at" id="backup-at" value={b.at} autocomplete="off" ltr error={error} />
            <Field label={w.keep} name="keep" id="backup-keep" value={digits(String(b.keep))} autocomplete="off" mode="numeric" ltr error={error} />
            <Field label={w.passphrase} hint={w.passphraseHint} name="passphrase" id="backup-passphrase" type="password" value={b.passphrase} autocomplete="new-password" required={false} ltr error={error} />
          </div>
          <label class="check"><input type="checkbox" name="recordings" defaultChecked={b.recordings} data-testid="backup-recordings" /> {w.recordings}</label>
          <fieldset>
            <legend>{w.places}</legend>
            {places.value.length === 0 && <Empty>{w.noPlace}</Empty>}
            {places.value.map((p, i) => (
              <div class="part" key={i} data-testid={`backup-place-${i}`}>
                <div class="grid">
                  <Field label={w.name} name={`places[${i}].name`} id={`backup-place-${i}-name`} value={p.name} autocomplete="off" ltr error={error} whole />
                  <Choice label={w.kind} name={`places[${i}].kind`} id={`backup-place-${i}-kind`} value={p.kind} words={w.kinds} onChange={(kind) => edit(i, { kind })} />
                  {placeFields[p.kind]!.map((f) => (
                    <Field key={f} label={word(p.kind, f)} {...(f === "host_key" ? { hint: w.hostKeyHint } : {})} name={`places[${i}].${f}`} id={`backup-place-${i}-${f}`} type={f === "password" ? "password" : "text"}
                      value={p[f]} autocomplete="off" required={false} ltr error={error} whole />
                  ))}
                </div>
                <button type="button" class="quiet danger" onClick={() => (places.value = places.value.filter((_, k) => k !== i))} data-testid={`backup-place-${i}-remove`}>{w.removePlace}</button>
              </div>
            ))}
            <button type="button" class="quiet" onClick={() => (places.value = [...places.value, none])} data-testid="backup-place-add">{w.addPlace}</button>
          </fieldset>
        </>
      )}
    </Form>
  );
}
