// Calls in progress, drawn as the patch cord that an operator would have seen.
import { useSignal } from "@preact/signals";
import type { Call, Leg } from "./api";
import { post } from "./client";
import { digits, t } from "./language";
import { lineName } from "./lines";
import { Card, Empty, Fault, Lamp, type Mood, Since, useAction, Who } from "./parts";
import { calls, floor, phones } from "./store";

export const Calls = () => (
  <Card id="calls" title={t.value.calls}>
    {calls.value.length === 0 ? <Empty>{t.value.callsEmpty}</Empty> : calls.value.map((c) => <CallCard key={c.id} call={c} />)}
  </Card>
);

/** A stage as the box names it ("queue 700"), in words. */
export function stageWords(stage: string): string {
  const [kind = "", number = ""] = stage.split(" ");
  const who = kind === "agent" ? agentName(number) : kind === "queue" ? queueName(number) : digits(number);
  return `${t.value.stage[kind] ?? kind} ${who}`.trim();
}

export const agentName = (extension: string): string =>
  floor.value.agents.find((a) => a.extension === extension)?.name ||
  phones.value.find((p) => p.extension === extension)?.name || digits(extension);

export const queueName = (number: string): string =>
  floor.value.queues.find((q) => q.number === number)?.name || digits(number);

const moods: { [state: string]: Mood } = { new: "call", ringing: "call", up: "talk", held: "rest", ended: "off" };

function CallCard({ call: c }: { call: Call }) {
  const [caller, ...others] = c.legs;
  const talking = others.some((l) => l.state === "up");
  const stage = <span class="stage" data-testid="stage">{stageWords(c.stage)}</span>;
  return (
    <article class="call" data-testid="call" data-call={c.id} data-stage={c.stage}>
      <header class="call-head">
        <Who party={c.from} />
        {others.length > 0 && stage}
        <span class="call-end"><Since at={c.started} /><HangUp id={c.id} /></span>
      </header>
      <div class="cord">
        {caller && <Plug leg={caller} where={origin(c)} waits={!talking} />}
        <span class={`wire ${talking ? "joined" : others.length ? "seeking" : ""}`} aria-hidden="true" />
        {others.length > 0
          ? <span class="plugs">{others.map((l) => <Plug key={l.id} leg={l} where={legName(l)} />)}</span>
          : <span class="plug"><Lamp mood="ready" /><span class="plug-name">{stage}</span></span>}
      </div>
    </article>
  );
}

/** One end of the cord. A caller who waits is up, but talks to nobody. */
const Plug = ({ leg, where, waits = false }: { leg: Leg; where: string; waits?: boolean }) => (
  <span class="plug" data-testid={`leg-${leg.kind}`} data-state={leg.state}>
    <Lamp mood={waits && leg.state === "up" ? "ready" : moods[leg.state] ?? "off"} />
    <span class="plug-name"><bdi>{where}</bdi></span>
    <span class="plug-state">{waits && leg.state === "up" ? t.value.callerWaits : t.value.legState[leg.state] ?? leg.state} <Since at={leg.since} /></span>
  </span>
);

const origin = (c: Call): string => (c.origin.line ? lineName(c.origin.line) : agentName(c.origin.extension ?? ""));
const legName = (l: Leg): string => (l.agent ? agentName(l.agent) : l.kind === "sip" ? digits(/^sip:([^@]+)/.exec(l.device)?.[1] ?? l.device) : lineName(l.device));

/** Hanging up on a customer takes two presses. */
function HangUp({ id }: { id: string }) {
  const sure = useSignal(false);
  const { busy, error, run } = useAction();
  const press = () => {
    if (sure.value) return void run(() => post(`/api/calls/${encodeURIComponent(id)}/hangup`));
    sure.value = true;
    setTimeout(() => (sure.value = false), 4000);
  };
  return (
    <>
      <Fault error={error.value} />
      <button class={`quiet ${sure.value ? "danger" : ""}`} onClick={press} disabled={busy.value} data-testid="call-hangup">
        {sure.value ? t.value.reallyHangUp : t.value.hangUpCall}
      </button>
    </>
  );
}
