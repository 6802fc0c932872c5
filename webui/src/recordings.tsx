// Recordings: a list to search, players, and the button on a running call.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Entry, Recordings as Page } from "./api";
import { agentName } from "./calls";
import { get, post } from "./client";
import { aside, ascii, count, digits, duration, measured, moment, t } from "./language";
import { Card, Empty, Fault, named, useAction, Who } from "./parts";
import { calls, now } from "./store";
import { Retention } from "./retention";
import { Sound } from "./records/sound";
import { explained } from "./story";

const soundOf = (e: Entry): string => `/api/recordings/${encodeURIComponent(e.id)}/sound.wav`;

/** The recordings of the box, found by day, number and agent. */
export function Recordings() {
  const w = t.value;
  const page = useSignal<Page | null>(null);
  const day = useSignal("");
  const number = useSignal("");
  const agent = useSignal("");
  const limit = useSignal(20);
  const { busy, error, run } = useAction();
  const find = () => run(async () => {
    const q = new URLSearchParams({ limit: String(limit.value) });
    if (day.value) {
      const from = new Date(`${day.value}T00:00:00`);
      const to = new Date(from);
      to.setDate(to.getDate() + 1);
      q.set("from", from.toISOString());
      q.set("to", to.toISOString());
    }
    if (number.value) q.set("number", ascii(number.value.trim()));
    if (agent.value) q.set("agent", ascii(agent.value.trim()));
    page.value = await get<Page>(`/api/recordings?${q}`);
  });
  const going = calls.value.filter((c) => c.recording === "on" || c.recording === "paused").map((c) => c.id).join();
  useEffect(() => {
    void find();
    const later = setTimeout(find, 1500); // the writer closes files a moment after the talk
    return () => clearTimeout(later);
  }, [going, limit.value]);
  const s = page.value?.space;
  const note = s && <span data-testid="recordings-space">{w.recordingSpace(size(s.kept), size(s.free))}</span>;
  return (
    <Card id="recordings" title={w.recordings} note={note} class="records">
      <Retention />
      <form class="find" onSubmit={(e) => { e.preventDefault(); void find(); }}>
        <label>{w.onDay} <input type="date" value={day.value} onInput={(e) => (day.value = e.currentTarget.value)} data-testid="find-day" /></label>
        <label>{w.ofNumber} <input inputMode="tel" dir="ltr" maxLength={32} value={number.value} onInput={(e) => (number.value = e.currentTarget.value)} data-testid="find-number" /></label>
        <label>{w.agent} <input inputMode="tel" dir="ltr" maxLength={32} value={agent.value} onInput={(e) => (agent.value = e.currentTarget.value)} data-testid="find-agent" /></label>
        <button class="quiet" disabled={busy.value} data-testid="find">{w.find}</button>
      </form>
      <Fault error={error.value} />
      {page.value?.recordings.length === 0 && <Empty>{w.recordingsEmpty}</Empty>}
      <ul class="recordings">{page.value?.recordings.map((e) => <Row key={e.id} entry={e} changed={find} />)}</ul>
      {page.value?.more && <button class="quiet" onClick={() => (limit.value = Math.min(500, limit.value * 2))} data-testid="more-recordings">{w.older}</button>}
    </Card>
  );
}

/** The recordings of one call, in its story. */
export const OfCall = ({ entries, changed }: { entries: Entry[]; changed: () => void }) =>
  entries.length === 0 ? null : <ul class="recordings" data-testid="story-recordings">{entries.map((e) => <Row key={e.id} entry={e} changed={changed} inStory />)}</ul>;

function Row({ entry: e, changed, inStory }: { entry: Entry; changed: () => void; inStory?: boolean }) {
  const w = t.value;
  const open = useSignal(false);
  const sure = useSignal(false);
  const { busy, error, run } = useAction();
  const heard = e.heard.at(-1);
  const remove = () => {
    if (!sure.value) {
      sure.value = true;
      setTimeout(() => (sure.value = false), 4000);
      return;
    }
    void run(async () => {
      await post(`/api/recordings/${encodeURIComponent(e.id)}/delete`);
      changed();
    });
  };
  const playable = e.state === "kept" || e.state === "recording";
  return (
    <li class="recording" data-testid="recording" data-recording={e.id} data-state={e.state}>
      <div class="recording-head">
        <span>{moment(e.began, now.value)}</span>
        {!inStory && <Who party={e.from} />}
        <span>{e.with.map((n) => <bdi key={n}>{agentName(n)} </bdi>)}</span>
        {e.state === "recording" ? <span class="tag">{w.recordingGoes}</span> : <span class="ticks">{duration(e.length)}</span>}
        {e.state === "failed" && <span class="tag">{w.recordingLost}</span>}
        {e.deleted && <span class="tag" data-testid="recording-deleted">{e.deleted.by ? w.deletedBy(aside(e.deleted.by), moment(e.deleted.at, now.value)) : w.deletedByBox(moment(e.deleted.at, now.value))}</span>}
        {playable && <button class="quiet" onClick={() => (open.value = !open.value)} data-testid="recording-play">{open.value ? w.close : w.play}</button>}
        {playable && <a class="save" href={`${soundOf(e)}?save`}>{w.save}</a>}
        {e.state === "kept" && <button class={`quiet ${sure.value ? "danger" : ""}`} disabled={busy.value} onClick={remove} data-testid="recording-delete">{sure.value ? w.reallyDelete : w.deleteIt}</button>}
        {!inStory && <button class="quiet" onClick={() => (explained.value = { id: e.call, from: e.from, started: e.began })} aria-label={w.explainCall(named(e.from))}>{w.explain}</button>}
      </div>
      <Fault error={error.value} />
      {open.value && (
        <Sound id={e.id} label={w.recordingOf(named(e.from))} />
      )}
      {e.gaps.length > 0 && <p class="hint">{w.gaps(e.gaps.map((g) => `${duration(g.at)} (${duration(g.lasts)})`).join(" · "))}</p>}
      {heard && <p class="hint" data-testid="recording-heard">{w.heardBy(count(e.heard.length), aside(heard.by), moment(heard.at, now.value))}</p>}
    </li>
  );
}

/** Bytes as people read them. */
function size(bytes: number): string {
  if (bytes >= 1e9) return digits((bytes / 1e9).toFixed(1)) + "\u00a0GB";
  return `${measured(bytes / 1e6)}\u00a0MB`;
}

/** Records what goes on at a path of the interface, a call or a conference, or lets a part out. */
export function Recorder({ of, state, id }: { of: string; state: string | undefined; id: string }) {
  const w = t.value;
  const { busy, error, run } = useAction();
  if (!state) return null;
  const ask = (what: string) => () => void run(() => post(`${of}/recording`, { do: what }));
  const paused = state === "paused";
  return (
    <span class="record-call" data-testid={id} data-state={state}>
      <Fault error={error.value} />
      {state === "off" ? <button class="quiet" disabled={busy.value} onClick={ask("start")} data-testid="record-start">{w.recordStart}</button> : (
        <>
          <span class={`tag ${paused ? "" : "recorded"}`}>{paused ? w.recordPaused : w.recordingGoes}</span>
          <button class="quiet" disabled={busy.value} onClick={ask(paused ? "resume" : "pause")} data-testid="record-pause">{paused ? w.recordResume : w.recordPause}</button>
          <button class="quiet" disabled={busy.value} onClick={ask("stop")} data-testid="record-stop">{w.recordStop}</button>
        </>
      )}
    </span>
  );
}
