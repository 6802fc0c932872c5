// Finished calls, and the story of each.
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { CallRecord, Records as RecordsPage, Story } from "./api";
import { agentName, queueName } from "./calls";
import { get } from "./client";
import { digits, duration, language, moment, t } from "./language";
import { lineName } from "./lines";
import { Card, Empty, Fault, type Mood, named, useAction, Who } from "./parts";
import { now, records } from "./store";

const moods: { [result: string]: Mood } = { answered: "talk", served: "ready", abandoned: "call", missed: "call", refused: "bad" };
/** The call whose story is open. */
const open = signal<CallRecord | null>(null);

export function Records() {
  const older = useSignal<CallRecord[]>([]);
  const more = useSignal(true);
  const { busy, error, run } = useAction();
  const recent = records.value;
  const known = new Set(recent.map((r) => r.call));
  const all = [...recent, ...older.value.filter((r) => !known.has(r.call))];
  const last = all.at(-1);
  const fetchOlder = () => run(async () => {
    const page = await get<RecordsPage>(`/api/records?limit=50&before=${encodeURIComponent(last!.started)}`);
    older.value = [...older.value, ...page.records];
    more.value = page.more;
  });
  const w = t.value;
  return (
    <Card id="records" title={w.records} class="records">
      {all.length === 0 ? <Empty>{w.recordsEmpty}</Empty> : (
        <table>
          <thead>
            <tr>
              <th>{w.when}</th><th>{w.from}</th><th>{w.to}</th><th>{w.agent}</th>
              <th class="figure">{w.wait}</th><th class="figure">{w.ring}</th><th class="figure">{w.talk}</th>
              <th>{w.result}</th><th><span class="hidden">{w.explain}</span></th>
            </tr>
          </thead>
          <tbody>{all.map((r) => <RecordRow key={r.call} record={r} />)}</tbody>
        </table>
      )}
      <Fault error={error.value} />
      {recent.length >= 50 && more.value && <button class="quiet" disabled={busy.value} onClick={fetchOlder} data-testid="older">{w.older}</button>}
      {open.value && <Drawer record={open.value} />}
    </Card>
  );
}

const figure = (ms: number): string => (ms > 0 ? duration(ms) : "–");

function RecordRow({ record: r }: { record: CallRecord }) {
  const w = t.value;
  return (
    <tr data-testid="record-row" data-call={r.call} data-result={r.result}>
      <td class="when" data-label={w.when}>{moment(r.started, now.value)}</td>
      <td class="from" data-label={w.from}><Who party={r.from} /></td>
      <td class="to" data-label={w.to}>
        {r.origin.line && <span class="via"><bdi>{lineName(r.origin.line)}</bdi> ›</span>} <bdi>{r.queue ? queueName(r.queue) : digits(r.to)}</bdi>
      </td>
      <td data-label={w.agent}>{r.agent ? <bdi>{agentName(r.agent)}</bdi> : "–"}</td>
      <td class="figure ticks" data-label={w.wait} data-testid="record-wait">{figure(r.wait)}</td>
      <td class="figure ticks" data-label={w.ring} data-testid="record-ring">{figure(r.ring)}</td>
      <td class="figure ticks" data-label={w.talk} data-testid="record-talk">{figure(r.talk)}</td>
      <td class="result" data-label={w.result}><span class={`state ${moods[r.result] ?? "off"}`}>{w.results[r.result] ?? r.result}</span></td>
      <td class="act"><button class="quiet" data-testid="explain" aria-label={w.explainCall(named(r.from))} onClick={() => (open.value = r)}>{w.explain}</button></td>
    </tr>
  );
}

/** A sentence, after the time since the call's beginning. */
function StoryLine({ line }: { line: string }) {
  const [, at, sentence] = /^([0-9۰-۹:.]+) (.*)$/.exec(line) ?? [, "", line];
  return <li data-testid="story-line">{at && <time class="ticks">{at}</time>}<span>{sentence}</span></li>;
}

/** "Explain this call": a sentence for every step. */
function Drawer({ record: r }: { record: CallRecord }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const story = useSignal<Story | null>(null);
  const { error, run } = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    story.value = null;
    void run(async () => (story.value = await get<Story>(`/api/calls/${encodeURIComponent(r.call)}?lang=${language.value}`)));
  }, [r.call, language.value]);
  const close = () => dialog.current?.close();
  const told = story.value;
  return (
    <dialog class="drawer" ref={dialog} aria-labelledby="story-title" data-testid="story"
      onClose={() => (open.value = null)} onClick={(e) => e.target === dialog.current && close()}>
      <div class="drawer-in">
        <header class="card-head">
          <h2 id="story-title">{t.value.storyTitle}</h2>
          <button class="quiet" onClick={close} data-testid="story-close">{t.value.close}</button>
        </header>
        <p class="drawer-who"><Who party={r.from} /> <span>{moment(r.started, now.value)}</span></p>
        <Fault error={error.value} />
        {!told ? !error.value && <Empty>{t.value.loading}</Empty> : told.lines.length === 0 ? <Empty>{t.value.storyEmpty}</Empty> : (
          <ol class="story">
            {told.lines.map((line, i) => <StoryLine key={i} line={line} />)}
          </ol>
        )}
      </div>
    </dialog>
  );
}
