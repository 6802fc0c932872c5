// The history of the settings: who changed what and when, compared and taken back.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Difference, History as Told } from "../api";
import { get, post } from "../client";
import { aside, count, language, moment } from "../language";
import { Fault, useAction } from "../parts";
import { now, onTrial } from "../store";
import { thingWords } from "../words/things";
import { Changes } from "./changes";

export function History() {
  const w = thingWords[language.value];
  const told = useSignal<Told | null>(null);
  const shown = useSignal<{ title: string; of: Difference } | null>(null);
  const first = useSignal(0); // to compare with
  const sure = useSignal(0);
  const { busy, error, run } = useAction();
  const take = (h: Told) => {
    told.value = h;
    onTrial.value = h.trial ?? null;
  };
  useEffect(() => void run(async () => take(await get<Told>("/api/revisions"))), []);
  const show = (n: number, from?: number) => void run(async () => {
    const of = await get<Difference>(`/api/revisions/${n}/changes${from === undefined ? "" : `?from=${from}`}`);
    shown.value = { title: from === undefined ? w.of(count(n)) : w.between(count(from), count(n)), of };
    first.value = n;
  });
  const restore = (n: number) => void run(async () => {
    if (sure.value !== n) return void (sure.value = n);
    sure.value = 0;
    shown.value = null;
    take(await post<Told>(`/api/revisions/${n}/restore`));
  });
  const list = told.value?.revisions ?? [];
  return (
    <section class="card thing">
      <h2>{w.history}</h2>
      <p class="hint">{w.historyLead}</p>
      <Fault error={error.value} id="history-fault" />
      {shown.value && <div class="shown" role="status" data-testid="history-shown"><h3>{shown.value.title}</h3><Changes list={shown.value.of.changes} /></div>}
      <div class="scroll" tabIndex={0} role="region" aria-label={w.history}>
        <table>
          <thead><tr><th scope="col">#</th><th scope="col">{w.when}</th><th scope="col">{w.who}</th><th scope="col">{w.what}</th><td /></tr></thead>
          <tbody>
            {list.map((r, i) => (
              <tr key={r.number} data-testid={`revision-${r.number}`}>
                <td>{count(r.number)}</td>
                <td>{moment(r.at, now.value)}</td>
                <td><bdi>{r.author}</bdi></td>
                <td><bdi>{r.note}</bdi></td>
                <td class="acts">
                  <button class="quiet" disabled={busy.value} onClick={() => show(r.number)} data-testid={`revision-${r.number}-show`}>{w.show}</button>
                  {first.value > 0 && first.value !== r.number && <button class="quiet" disabled={busy.value} onClick={() => show(Math.max(first.value, r.number), Math.min(first.value, r.number))} data-testid={`revision-${r.number}-compare`}>{w.compare(count(first.value))}</button>}
                  {i === 0 ? <span class="tag">{w.inForce}</span> : <button class="quiet" disabled={busy.value} onClick={() => restore(r.number)} data-testid={`revision-${r.number}-restore`}>{sure.value === r.number ? w.reallyRestore : w.restore}</button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {told.value?.trial && <p class="hint">{w.trialBy(aside(told.value.trial.author))}</p>}
    </section>
  );
}
