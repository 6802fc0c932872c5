// The proof: the box calls a phone, and somebody calls the box.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SetupCall, SetupCalled, SimCall } from "../api";
import { Calls } from "../calls";
import { get, post } from "../client";
import { digits, t } from "../language";
import { Lamp, type Mood, Num } from "../parts";
import { phones, simulator, trunks } from "../store";
import { move, type StepProps, StepForm, useStep, words } from "./step";

const moods: { [state: string]: Mood } = { calling: "rest", ringing: "call", answered: "talk", heard: "ready", failed: "bad" };
const over = (state: string): boolean => state === "heard" || state === "failed";

export function CallStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const here = (number: string) => phones.value.some((p) => p.extension === number);
  const extension = useSignal("");
  const now = useSignal<SetupCalled | null>(null);
  const number = extension.value || (view.extensions.find((e) => here(e.number)) ?? view.extensions[0])?.number || "";
  const id = now.value && !over(now.value.state) ? now.value.call : "";
  useEffect(() => {
    if (!id) return;
    const timer = setInterval(() => void get<SetupCalled>(`/api/setup/call/${encodeURIComponent(id)}`).then((c) => (now.value = c), () => undefined), 400);
    return () => clearInterval(timer);
  }, [id]);
  const heard = now.value?.state === "heard";
  useEffect(() => {
    if (heard) void move({ done: "call" }).then(took, () => undefined);
  }, [heard]);
  const ring = async () => {
    now.value = null;
    now.value = await post<SetupCalled>("/api/setup/call", { extension: number } satisfies SetupCall);
  };
  const line = simulator.value.lines.find((l) => l.state === "idle");
  return (
    <>
      <ol class="proofs">
        <li>
          <h3>{w.register}</h3>
          <p class="hint">{w.registerHint}</p>
          <ul class="rows" data-testid="setup-phones">
            {view.extensions.map((e) => (
              <li key={e.number} class="row" data-testid={`setup-phone-${e.number}`} data-state={here(e.number) ? "here" : "away"}>
                <Lamp mood={here(e.number) ? "ready" : "off"} /><span class="row-main"><span><bdi>{e.name}</bdi> <Num>{e.number}</Num></span></span><span class="row-sub">{here(e.number) ? w.here : w.away}</span>
              </li>
            ))}
          </ul>
        </li>
        <li>
          <h3>{w.callOut}</h3>
          <StepForm step={step} fields={[]} save={ring} label={w.ring}>
            <div class="field">
              <label for="call-extension">{w.which}</label>
              <select id="call-extension" data-testid="call-extension" value={number} onChange={(e) => (extension.value = e.currentTarget.value)}>
                {view.extensions.map((e) => <option key={e.number} value={e.number}>{digits(e.number)} {e.name}</option>)}
              </select>
            </div>
          </StepForm>
          <p role="status" class="setup-called" data-testid="setup-called" data-state={now.value?.state ?? ""}>
            {now.value && <><Lamp mood={moods[now.value.state] ?? "rest"} /> {w.states[now.value.state]} {now.value.why}</>}
          </p>
        </li>
        <li>
          <h3>{w.callIn}</h3>
          {trunks.value.filter((x) => x.name === view.trunk).map((x) => <p key={x.name} class="row-sub" data-testid="setup-trunk" data-state={x.state}>{w.trunkIs(x.name, t.value.trunkState[x.state] ?? x.state)} {x.detail && <bdi class="tag">{x.detail}</bdi>}</p>)}
          <p class="hint">{view.trunk || view.lines.some((l) => l.set) ? w.callInHint : w.noWay}</p>
          {line && <p><button type="button" class="quiet" disabled={step.busy.value} onClick={() => void step.take(async () => void (await post(`/api/sim/lines/${line.port}/call`, { number: "02188776655", name: "", release: "" } satisfies SimCall)))} data-testid="setup-simulate">{w.simulate}</button></p>}
          <div data-testid="setup-calls"><Calls /></div>
        </li>
      </ol>
    </>
  );
}
