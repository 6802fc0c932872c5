// One finished call, and behind it its legs and what was recorded.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallRecord, LegRecord, Legs as LegsOf } from "../api";
import { agentName, queueName } from "../calls";
import { get } from "../client";
import { aside, digits, duration, exactly, moment, t } from "../language";
import { lineName } from "../lines";
import { Empty, Fault, type Mood, Num, named, Sounds, useAction, Who } from "../parts";
import { OfCall } from "../recordings";
import { lines, now } from "../store";
import { explained } from "../story";
import { words } from "./asked";
import { causeName } from "./causes";

export const moods: { [result: string]: Mood } = { answered: "talk", served: "ready", abandoned: "call", missed: "call", refused: "bad", interrupted: "bad" };

const figure = (ms: number): string => (ms > 0 ? duration(ms) : "–");
const portName = (port: string): string => lineName(port, lines.value.find((l) => l.port === port)?.name);

export function RecordRow({ record: r, recorded }: { record: CallRecord; recorded: boolean }) {
  const [w, x] = [t.value, words.value];
  const open = useSignal(false);
  return (
    <>
      <tr data-testid="record-row" data-call={r.call} data-result={r.result}>
        <td class="unfold"><button type="button" class="quiet" aria-expanded={open.value} aria-label={x.legs(named(r.from))} onClick={() => (open.value = !open.value)} data-testid="record-legs">{open.value ? "−" : "+"}</button></td>
        <td class="when" data-label={w.when}>{moment(r.started, now.value)}</td>
        <td class="from" data-label={w.from}><Who party={r.from} /></td>
        <td class="to" data-label={w.to}>
          {r.origin.line && <span class="via"><bdi>{portName(r.origin.line)}</bdi> ›</span>}
          {r.origin.trunk && <span class="via">{r.origin.did ? <Num>{r.origin.did}</Num> : <bdi>{r.origin.trunk}</bdi>} ›</span>} <bdi>{r.queue ? queueName(r.queue) : agentName(r.to)}</bdi>
        </td>
        <td data-label={w.agent}>{r.agent ? <bdi>{legWho(r.agent)}</bdi> : "–"}</td>
        <td class="figure ticks" data-label={w.wait} data-testid="record-wait">{figure(r.wait)}</td>
        <td class="figure ticks" data-label={w.ring} data-testid="record-ring">{figure(r.ring)}</td>
        <td class="figure ticks" data-label={w.talk} data-testid="record-talk">{figure(r.talk)}</td>
        <td class="result" data-label={w.result}><span class={`state ${moods[r.result] ?? "off"}`}>{w.results[r.result] ?? r.result}</span></td>
        <td data-label={w.sound}><Sounds grade={r.grade} mos={r.mos} />{recorded && <span class="tag recorded" data-testid="record-recorded">{x.hasSound}</span>}</td>
        <td class="act"><button class="quiet" data-testid="explain" aria-label={w.explainCall(named(r.from))} onClick={() => (explained.value = { id: r.call, from: r.from, started: r.started })}>{w.explain}</button></td>
      </tr>
      {open.value && <tr class="behind"><td colSpan={11}><Legs call={r} /></td></tr>}
    </>
  );
}

/** Who or what a device is: an extension's name, a port's, or a trunk's. */
function legWho(device: string): string {
  const trunk = /^trunk:([^@]*)/.exec(device)?.[1];
  if (trunk !== undefined) return aside(trunk);
  if (/^fx[os]\d/.test(device)) return portName(device);
  return agentName(/^sip:([^@]+)/.exec(device)?.[1] ?? device);
}

function Legs({ call: r }: { call: CallRecord }) {
  const [w, x] = [t.value, words.value];
  const got = useSignal<LegsOf | null>(null);
  const { error, run } = useAction();
  const load = () => run(async () => (got.value = await get<LegsOf>(`/api/calls/${encodeURIComponent(r.call)}/legs`)));
  useEffect(() => void load(), []);
  const legs = got.value;
  const who = (l: LegRecord) => (l.caller ? <><Who party={r.from} /> <span class="tag">{x.caller}</span></> : <bdi>{l.agent ? agentName(l.agent) : legWho(l.device)}</bdi>);
  return (
    <div class="legs" data-testid="legs">
      <Fault error={error.value} />
      {!legs ? !error.value && <Empty>{x.loading}</Empty> : legs.legs.length === 0 ? <Empty>{x.noLegs}</Empty> : (
        <table>
          <thead><tr><th>{x.leg}</th><th>{x.began}</th><th class="figure">{w.ring}</th><th class="figure">{w.talk}</th><th class="figure">{x.onHold}</th><th>{x.ended}</th><th>{w.sound}</th></tr></thead>
          <tbody>{legs.legs.map((l) => (
            <tr key={l.leg} data-testid="leg-row" data-leg={l.leg}>
              <td class="from" title={digits(l.device)}>{who(l)}</td>
              <td class="when">{exactly(l.began)}</td>
              <td class="figure ticks" data-label={w.ring}>{figure(l.ring)}</td>
              <td class="figure ticks" data-label={w.talk}>{figure(l.talk)}</td>
              <td class="figure ticks" data-label={x.onHold}>{figure(l.hold)}</td>
              <td data-label={x.ended}>{causeName(l.cause)}</td>
              <td data-label={w.sound}><Sounds grade={l.grade} mos={l.mos} /></td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {legs && <OfCall entries={legs.recordings} changed={load} />}
    </div>
  );
}
