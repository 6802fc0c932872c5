// Finished calls: one row each, with its legs and recordings behind it.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallRecord, Records as Page } from "../api";
import { get } from "../client";
import { language } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { connection, records } from "../store";
import { asked, query, words } from "./asked";
import { Filters } from "./filters";
import { moods, RecordRow } from "./row";
import { t } from "../language";

const pageSize = 50;

export function Records() {
  const [w, a] = [words.value, asked.value];
  const list = useSignal<CallRecord[] | null>(null);
  const recorded = useSignal<ReadonlySet<string>>(new Set());
  const more = useSignal(false);
  const { busy, error, run } = useAction();
  const text = query(a).toString();
  const page = async (before?: string) => {
    const q = new URLSearchParams(text);
    q.set("limit", String(pageSize));
    if (before) q.set("before", before);
    const got = await get<Page>(`/api/records?${q}`);
    more.value = got.more;
    recorded.value = new Set([...(before ? recorded.value : []), ...got.recorded]);
    list.value = before ? [...(list.value ?? []), ...got.records] : got.records;
  };
  const newest = records.value[0]?.call;
  useEffect(() => {
    if (connection.value !== "connecting") void run(() => page());
  }, [text, newest, connection.value]);
  const all = list.value;
  const save = (form: string, label: string) => <a class="save" href={`/api/records.${form}?${text ? `${text}&` : ""}lang=${language.value}`} data-testid={`records-${form}`}>{label}</a>;
  return (
    <Card id="records" title={t.value.records} class="records" note={<>{save("csv", w.asCSV)} {save("xlsx", w.asXLSX)}</>}>
      <Filters results={Object.keys(moods)} />
      <Fault error={error.value} />
      {all === null ? !error.value && <Empty>{w.loading}</Empty> : all.length === 0 ? <Empty>{text ? w.noneFound : w.noneYet}</Empty> : (
        <table aria-busy={busy.value} data-testid="records-table" data-count={all.length}>
          <thead>
            <tr>
              <th><span class="hidden">{w.leg}</span></th>
              <th>{t.value.when}</th><th>{t.value.from}</th><th>{t.value.to}</th><th>{t.value.agent}</th>
              <th class="figure">{t.value.wait}</th><th class="figure">{t.value.ring}</th><th class="figure">{t.value.talk}</th>
              <th>{t.value.result}</th><th>{t.value.sound}</th><th><span class="hidden">{t.value.explain}</span></th>
            </tr>
          </thead>
          <tbody>{all.map((r) => <RecordRow key={r.call} record={r} recorded={recorded.value.has(r.call)} />)}</tbody>
        </table>
      )}
      {more.value && all && <button class="quiet" disabled={busy.value} onClick={() => void run(() => page(all.at(-1)!.started))} data-testid="older">{w.older}</button>}
    </Card>
  );
}
