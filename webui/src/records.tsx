// Finished calls.
import { useSignal } from "@preact/signals";
import type { CallRecord, Records as RecordsPage } from "./api";
import { agentName, queueName } from "./calls";
import { get } from "./client";
import { ascii, duration, language, moment, t } from "./language";
import { lineName } from "./lines";
import { Card, Empty, Fault, type Mood, Num, named, Sounds, useAction, Who } from "./parts";
import { lines, now, records } from "./store";
import { explained } from "./story";

const moods: { [result: string]: Mood } = { answered: "talk", served: "ready", abandoned: "call", missed: "call", refused: "bad", interrupted: "bad" };
const results = Object.keys(moods);

/** Finished calls: the newest as they come, or those that are looked for, through all history. */
export function Records() {
  const w = t.value;
  const found = useSignal<CallRecord[] | null>(null); // null: the newest
  const older = useSignal<CallRecord[]>([]);
  const more = useSignal(true);
  const [from, to, number, queue, agent, result] = [useSignal(""), useSignal(""), useSignal(""), useSignal(""), useSignal(""), useSignal("")];
  const { busy, error, run } = useAction();
  const recent = found.value ?? records.value;
  const known = new Set(recent.map((r) => r.call));
  const all = [...recent, ...older.value.filter((r) => !known.has(r.call))];
  const asked = (): URLSearchParams => {
    const q = new URLSearchParams();
    for (const [name, value] of Object.entries({ from, to, number, queue, agent, result })) if (value.value) q.set(name, ascii(value.value.trim()));
    return q;
  };
  const page = async (before?: string): Promise<CallRecord[]> => {
    const q = asked();
    q.set("limit", "50");
    if (before) q.set("before", before);
    const got = await get<RecordsPage>(`/api/records?${q}`);
    more.value = got.more;
    return got.records;
  };
  const find = () => run(async () => {
    const some = asked().size > 0;
    found.value = some ? await page() : null;
    older.value = [];
    if (!some) more.value = true;
  });
  const fetchOlder = () => run(async () => (older.value = [...older.value, ...(await page(all.at(-1)!.started))]));
  const input = (label: string, value: typeof from, id: string, type = "") => (
    <label>{label} <input type={(type || "text") as "text"} inputMode={type ? undefined : "tel"} dir="ltr" maxLength={32} value={value.value} onInput={(e) => (value.value = e.currentTarget.value)} data-testid={id} /></label>
  );
  return (
    <Card id="records" title={w.records} class="records" note={<a class="save" href={`/api/records.csv?${asked()}&lang=${language.value}`} data-testid="records-csv">{w.asCSV}</a>}>
      <form class="find" onSubmit={(e) => { e.preventDefault(); void find(); }}>
        {input(w.fromDay, from, "records-from", "date")}
        {input(w.toDay, to, "records-to", "date")}
        {input(w.ofNumber, number, "records-number")}
        {input(w.queue, queue, "records-queue")}
        {input(w.agent, agent, "records-agent")}
        <label>{w.result} <select value={result.value} onChange={(e) => (result.value = e.currentTarget.value)} data-testid="records-result">
          <option value="">{w.anyResult}</option>
          {results.map((r) => <option key={r} value={r}>{w.results[r] ?? r}</option>)}
        </select></label>
        <button class="quiet" disabled={busy.value} data-testid="records-find">{w.find}</button>
      </form>
      {all.length === 0 ? <Empty>{found.value ? w.nothingFound : w.recordsEmpty}</Empty> : (
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
