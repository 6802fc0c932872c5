// Conferences going on: who is in them, who talks, and what may be done about it.
import { useSignal } from "@preact/signals";
import type { Conference, ConferenceMember } from "./api";
import { post } from "./client";
import { count, digits, t } from "./language";
import { Card, Fault, Lamp, named, Since, useAction, Who } from "./parts";
import { Recorder } from "./recordings";
import { conferences } from "./store";

export const Conferences = () =>
  conferences.value.length === 0 ? null : (
    <Card id="conferences" title={t.value.conferences}>
      {conferences.value.map((c) => <ConferenceCard key={c.number} it={c} />)}
    </Card>
  );

function ConferenceCard({ it: c }: { it: Conference }) {
  const { busy, error, run } = useAction();
  const sure = useSignal(false);
  const w = t.value;
  const act = (what: string, member?: string) => void run(() => post(`/api/conferences/${encodeURIComponent(c.number)}`, { do: what, member }));
  const end = () => {
    if (sure.value) return act("end");
    sure.value = true;
    setTimeout(() => (sure.value = false), 4000);
  };
  const state = c.locked ? "locked" : c.waits ? "waits" : "open";
  return (
    <section class="queue meeting" data-testid={`conference-${c.number}`} data-state={state} aria-label={c.name || c.number}>
      <header class="queue-head">
        <h3><bdi>{c.name || digits(c.number)}</bdi> <span class="tag">{digits(c.number)}</span></h3>
        <span class="tally"><b>{count(c.members.length)}</b> {w.conferenceState[state]}</span>
        <Recorder of={`/api/conferences/${encodeURIComponent(c.number)}`} state={c.recording} id={`recording-${c.number}`} />
        <button class="quiet" disabled={busy.value} data-testid={`lock-${c.number}`} onClick={() => act(c.locked ? "unlock" : "lock")}>{c.locked ? w.unlock : w.lock}</button>
        <button class="quiet" disabled={busy.value} data-testid={`mute-all-${c.number}`} onClick={() => act("mute")}>{w.muteAll}</button>
        <button class={`quiet ${sure.value ? "danger" : ""}`} disabled={busy.value} data-testid={`end-${c.number}`} onClick={end}>{sure.value ? w.reallyEnd : w.endConference}</button>
      </header>
      <Fault error={error.value} />
      <ul class="rows">{c.members.map((m) => <MemberRow key={m.leg} it={m} busy={busy.value} act={(what) => act(what, m.leg)} />)}</ul>
    </section>
  );
}

function MemberRow({ it: m, busy, act }: { it: ConferenceMember; busy: boolean; act: (what: string) => void }) {
  const w = t.value;
  const state = m.muted ? "muted" : m.talking ? "talking" : "quiet";
  const id = m.party.number || m.leg;
  const who = named(m.party);
  return (
    <li class="row" data-testid={`member-${id}`} data-state={state}>
      <Lamp mood={state === "talking" ? "talk" : state === "muted" ? "rest" : "off"} />
      <div class="row-main">
        <span class="row-name"><Who party={m.party} />{m.moderator && <span class="tag">{w.moderator}</span>}</span>
        <span class="row-sub">{w.memberState[state]} · <Since at={m.since} /></span>
      </div>
      <button class="quiet" disabled={busy} data-testid={`mute-${id}`} aria-label={`${m.muted ? w.unmute : w.mute}: ${who}`} onClick={() => act(m.muted ? "unmute" : "mute")}>{m.muted ? w.unmute : w.mute}</button>
      <button class="quiet" disabled={busy} data-testid={`remove-${id}`} aria-label={`${w.remove}: ${who}`} onClick={() => act("remove")}>{w.remove}</button>
    </li>
  );
}
