// Listening in on a call: who does, and the way to begin it for those who may.
import { useSignal } from "@preact/signals";
import type { Call } from "./api";
import { agentName } from "./calls";
import { post } from "./client";
import { aside, t } from "./language";
import { Fault, Lamp, useAction } from "./parts";
import { supervisors } from "./store";

const manners = ["listen", "whisper", "barge", "take-over"];

export function Listening({ call: c, talks }: { call: Call; talks: boolean }) {
  const { busy, error, run } = useAction();
  const chosen = useSignal("");
  const w = t.value;
  const by = chosen.value || (supervisors.value[0] ?? "");
  const begin = (how: string) => void run(() => post(`/api/calls/${encodeURIComponent(c.id)}/listen`, { by, how }));
  return (
    <>
      {(c.listeners ?? []).map((l) => (
        <p key={l.since} class="row-sub" data-testid={`listener-${l.who.number}`} data-state={l.state === "up" ? l.how : l.state}>
          <Lamp mood="call" /> {aside(agentName(l.who.number))} {l.state === "up" ? (w.listening[l.how] ?? l.how) : w.listenerRings}
        </p>
      ))}
      {talks && by && (
        <p class="listen">
          <label>{w.listenAs}{" "}
            <select value={by} data-testid="listen-by" onChange={(e) => (chosen.value = e.currentTarget.value)}>
              {supervisors.value.map((s) => <option key={s} value={s}>{agentName(s)}</option>)}
            </select>
          </label>
          {manners.map((how) => <button key={how} class="quiet" disabled={busy.value} data-testid={`listen-${how}`} onClick={() => begin(how)}>{w.manner[how]}</button>)}
          <Fault error={error.value} />
        </p>
      )}
    </>
  );
}
