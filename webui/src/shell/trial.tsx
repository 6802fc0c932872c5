// The change on trial: how long until it goes back by itself, and the ways to keep it or not.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Confirm, History } from "../api";
import { get, post } from "../client";
import { aside, count, language } from "../language";
import { Fault, useAction } from "../parts";
import { now, onTrial } from "../store";
import { thingWords } from "../words/things";

export function OnTrial() {
  const w = thingWords[language.value];
  const { busy, error, run } = useAction();
  const said = useSignal(0);
  const look = () => run(async () => void (onTrial.value = (await get<History>("/api/trial")).trial ?? null));
  useEffect(() => void look(), []);
  const trial = onTrial.value;
  const left = trial ? Math.ceil((Date.parse(trial.until) - now.value) / 1000) : 0;
  useEffect(() => {
    if (trial && left <= 0 && said.value !== trial.revision) {
      said.value = trial.revision;
      setTimeout(() => void look(), 1500);
    }
  }, [left]);
  if (!trial) return null;
  const end = (keep: boolean) => void run(async () => {
    const body: Confirm = { revision: trial.revision, keep };
    onTrial.value = (await post<History>("/api/trial", body)).trial ?? null;
  });
  return (
    <section class="on-trial" role="alert" data-testid="confirm-banner">
      <p>{w.trial(count(Math.max(0, left)))} {w.trialBy(aside(trial.author))}</p>
      <button class="quiet" disabled={busy.value} onClick={() => end(true)} data-testid="confirm-keep">{w.keep}</button>
      <button class="quiet" disabled={busy.value} onClick={() => end(false)} data-testid="confirm-back">{w.takeBack}</button>
      <Fault error={error.value} />
    </section>
  );
}
