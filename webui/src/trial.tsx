// "Call in yourself": the caller's end of a simulated line.
import { signal, useSignal } from "@preact/signals";
import type { SimCall, SimLine } from "./api";
import { post } from "./client";
import { Field } from "./field";
import { Handset } from "./handset";
import { aside, ascii, digits, t } from "./language";
import { lineName } from "./lines";
import { Card, Fault, Since, useAction, Who } from "./parts";
import { Player } from "./player";
import { lines, simulator } from "./store";

const path = (port: string, what: string) => `/api/sim/lines/${port}/${what}`;

export function Trial() {
  const chosen = useSignal("");
  const all = simulator.value.lines;
  const line = all.find((l) => l.port === chosen.value) ?? all[0];
  if (!line) return null;
  const ours = ["announcing", "ringing", "answered"].includes(line.state);
  const idle = line.state === "idle";
  return (
    <Card id="trial" title={t.value.trial} class="trial">
      {all.length > 1 && (
        <div class="tabs" role="group" aria-label={t.value.trialLine}>
          {all.map((l) => (
            <button key={l.port} aria-pressed={l === line} data-testid={`trial-line-${l.port}`} onClick={() => (chosen.value = l.port)}>{nameOf(l.port)}</button>
          ))}
        </div>
      )}
      <div data-testid="trial-state" data-state={line.state}>
        {ours ? <Talking key={line.port} line={line} /> : <CallForm key={line.port} line={line} />}
      </div>
      {idle && line.heard > 0 && <Player path={path(line.port, "heard.wav")} version={line.since ?? ""} id="trial-audio" />}
    </Card>
  );
}

const nameOf = (port: string): string => lineName(port, lines.value.find((l) => l.port === port)?.name);

/** What the form held when it was last sent. */
const last = signal<SimCall>({ number: "02188776655", name: "Sara Karimi", release: "loop-drop" });

function CallForm({ line }: { line: SimLine }) {
  const { busy, error, run } = useAction();
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const body: SimCall = {
      number: ascii(String(form.get("number"))).replace(/[^0-9*#]/g, ""),
      name: String(form.get("name")),
      release: String(form.get("release")),
    };
    last.value = body;
    void run(async () => (simulator.value = await post(path(line.port, "call"), body)));
  };
  const w = t.value;
  return (
    <form onSubmit={submit}>
      <p class="lead">{w.trialLead}</p>
      <div class="pair">
        <Field label={w.yourNumber} name="number" id="trial-number" autocomplete="off" value={digits(last.value.number)} mode="tel" max={32} ltr required={false} />
        <Field label={w.yourName} name="name" id="trial-name" autocomplete="off" value={last.value.name} max={15} required={false} />
      </div>
      <div class="field">
        <label for="trial-release">{w.releaseLabel}</label>
        <select id="trial-release" name="release" value={last.value.release} data-testid="trial-release">
          {Object.entries(w.release).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </div>
      <Fault error={error.value} id="trial-error" />
      <button class="main" type="submit" disabled={busy.value || line.state !== "idle"} data-testid="trial-call">
        {w.trialState[line.state] ?? w.callIn(aside(nameOf(line.port)))}
      </button>
    </form>
  );
}

function Talking({ line }: { line: SimLine }) {
  const { busy, error, run } = useAction();
  const act = (what: string, body?: unknown) => run(async () => (simulator.value = await post(path(line.port, what), body)));
  const w = t.value;
  return (
    <div class="handset">
      <p class={`handset-state ${line.state}`} aria-live="polite">
        <span>{w.trialState[line.state]}</span>
        {line.since && <Since at={line.since} />}
      </p>
      <p class="row-sub"><Who party={{ number: line.number ?? "", name: line.name ?? "" }} /></p>
      <Handset id="trial" press={(keys) => act("press", { digits: keys })} talk={(hz) => act("talk", { hz })} />
      <Fault error={error.value} id="trial-error" />
      <button class="main danger" disabled={busy.value} onClick={() => act("hangup")} data-testid="trial-hangup">{w.hangUp}</button>
    </div>
  );
}
