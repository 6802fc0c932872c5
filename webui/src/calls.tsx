// Calls in progress, drawn as the patch cord that an operator would have seen.
import { useSignal } from "@preact/signals";
import type { Call, Leg } from "./api";
import { post } from "./client";
import { aside, digits, t } from "./language";
import { Listening } from "./listening";
import { lineName } from "./lines";
import { Card, Empty, Fault, Lamp, type Mood, named, Since, Sounds, useAction, Who } from "./parts";
import { Recorder } from "./recordings";
import { explained } from "./story";
import { calls, floor, lines, phones } from "./store";

export const Calls = () => (
  <Card id="calls" title={t.value.calls}>
    {calls.value.length === 0 ? <Resting /> : calls.value.map((c) => <CallCard key={c.id} call={c} />)}
  </Card>
);

/** The cord at rest: it keeps the room that a call will take. */
const Resting = () => (
  <div class="resting">
    <Empty>{t.value.callsEmpty}</Empty>
    <span class="cord" aria-hidden="true"><Lamp mood="off" /><span class="wire" /><Lamp mood="off" /></span>
  </div>
);

/** A stage as the box names it ("queue 700"), in words. */
export function stageWords(stage: string, talking: boolean): string {
  let [kind = "", number = ""] = stage.split(" ");
  if (kind === "extension" && talking) kind = "agent";
  const who = kind === "agent" || kind === "extension" ? agentName(number) : kind === "queue" ? queueName(number) : digits(number);
  return `${t.value.stage[kind] ?? kind} ${who && aside(who)}`.trim();
}

export const agentName = (extension: string): string =>
  floor.value.agents.find((a) => a.extension === extension)?.name ||
  phones.value.find((p) => p.extension === extension)?.name ||
  lines.value.find((l) => l.extension === extension)?.name || digits(extension);

export const queueName = (number: string): string =>
  floor.value.queues.find((q) => q.number === number)?.name || digits(number);

const moods: { [state: string]: Mood } = { new: "call", ringing: "call", up: "talk", held: "rest", ended: "off" };

function CallCard({ call: c }: { call: Call }) {
  const [caller, ...others] = c.legs;
  const talk = others.find((l) => l.state === "up" || l.state === "held");
  const waits = caller?.state === "up" && !talk ? t.value.callerWaits : "";
  const comes = caller?.state === "new" || caller?.state === "ringing" ? (caller.kind === "fxo" ? t.value.callerRings : t.value.callerCalls) : "";
  const stage = <span class="stage" data-testid="stage">{comes && others.length === 0 ? t.value.notAnswered : stageWords(c.stage, talk !== undefined)}</span>;
  return (
    <article class="call" data-testid="call" data-call={c.id} data-stage={c.stage}>
      <header class="call-head">
        <Who party={c.from} />
        {others.length > 0 && stage}
        <span class="call-end">
          <Since at={c.started} />
          <button class="quiet" data-testid="explain-now" aria-label={t.value.explainCall(named(c.from))} onClick={() => (explained.value = c)}>{t.value.explain}</button>
          <Recorder of={`/api/calls/${encodeURIComponent(c.id)}`} state={c.recording} id="call-recording" />
          <HangUp id={c.id} />
        </span>
      </header>
      <div class="cord">
        {caller && <Plug leg={talk ? { ...caller, since: talk.since } : caller} where={origin(c)} say={waits || comes} mood={waits ? "ready" : undefined} />}
        <span class={`wire ${talk ? "joined" : others.length || comes ? "seeking" : ""}`} aria-hidden="true" />
        {others.length > 0
          ? <span class="plugs">{others.map((l) => <Plug key={l.id} leg={l} where={legName(l)} />)}</span>
          : <span class="plug"><Lamp mood="ready" /><span class="plug-name">{stage}</span></span>}
      </div>
      <Listening call={c} talks={talk !== undefined} />
    </article>
  );
}

/** One end of the cord. Of a caller who is not talking the card knows better what to say. */
const Plug = ({ leg, where, say = "", mood }: { leg: Leg; where: string; say?: string; mood?: Mood | undefined }) => (
  <span class="plug" data-testid={`leg-${leg.kind}`} data-state={leg.state}>
    <Lamp mood={mood ?? moods[leg.state] ?? "off"} />
    <span class="plug-name"><bdi>{where}</bdi>{leg.secure && <Lock />}{leg.grade && <Sounds grade={leg.grade} mos={leg.mos} />}</span>
    <span class="plug-state">{say || (t.value.legState[leg.state] ?? leg.state)} <Since at={leg.since} /></span>
  </span>
);

/** Says that what is spoken at a leg is encrypted. */
const Lock = () => (
  <span class="lock" data-testid="encrypted" role="img" aria-label={t.value.soundEncrypted} title={t.value.soundEncrypted}>
    <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      <path d="M3 7h10v8H3zM5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
    </svg>
  </span>
);

const lineOf = (port: string): string => lineName(port, lines.value.find((l) => l.port === port)?.name);
const origin = (c: Call): string => (c.origin.line ? lineOf(c.origin.line) : agentName(c.origin.extension ?? ""));
export const legName = (l: Leg): string => (l.agent ? agentName(l.agent) : l.kind === "sip" ? digits(/^sip:([^@]+)/.exec(l.device)?.[1] ?? l.device) : lineOf(l.device));

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
