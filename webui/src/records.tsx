// Finished calls.
import { useSignal } from "@preact/signals";
import type { CallRecord, Records as RecordsPage } from "./api";
import { agentName, queueName } from "./calls";
import { get } from "./client";
import { duration, moment, t } from "./language";
import { lineName } from "./lines";
import { Card, Empty, Fault, type Mood, Num, named, Sounds, useAction, Who } from "./parts";
import { lines, now, records } from "./store";
import { explained } from "./story";

const moods: { [result: string]: Mood } = { answered: "talk", served: "ready", abandoned: "call", missed: "call", refused: "bad", interrupted: "bad" };
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
              <th>{w.result}</th><th>{w.sound}</th><th><span class="hidden">{w.explain}</span></th>
            </tr>
          </thead>
          <tbody>{all.map((r) => <RecordRow key={r.call} record={r} />)}</tbody>
        </table>
      )}
      <Fault error={error.value} />
      {recent.length >= 50 && more.value && <button class="quiet" disabled={busy.value} onClick={fetchOlder} data-testid="older">{w.older}</button>}
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
        {r.origin.line && <span class="via"><bdi>{lineName(r.origin.line, lines.value.find((l) => l.port === r.origin.line)?.name)}</bdi> ›</span>}
        {r.origin.trunk && <span class="via">{r.origin.did ? <Num>{r.origin.did}</Num> : <bdi>{r.origin.trunk}</bdi>} ›</span>} <bdi>{r.queue ? queueName(r.queue) : agentName(r.to)}</bdi>
      </td>
      <td data-label={w.agent}>{r.agent ? <bdi>{agentName(r.agent)}</bdi> : "–"}</td>
      <td class="figure ticks" data-label={w.wait} data-testid="record-wait">{figure(r.wait)}</td>
      <td class="figure ticks" data-label={w.ring} data-testid="record-ring">{figure(r.ring)}</td>
      <td class="figure ticks" data-label={w.talk} data-testid="record-talk">{figure(r.talk)}</td>
      <td class="result" data-label={w.result}><span class={`state ${moods[r.result] ?? "off"}`}>{w.results[r.result] ?? r.result}</span></td>
      <td data-label={w.sound}><Sounds grade={r.grade} mos={r.mos} /></td>
      <td class="act"><button class="quiet" data-testid="explain" aria-label={w.explainCall(named(r.from))} onClick={() => (explained.value = { id: r.call, from: r.from, started: r.started })}>{w.explain}</button></td>
    </tr>
  );
}
