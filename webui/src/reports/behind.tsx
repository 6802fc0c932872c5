// The contacts behind a figure, or behind one row of it: as many as the figure says.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Contact, Contacts } from "../api";
import { agentName, queueName } from "../calls";
import { get } from "../client";
import { count, duration, language, t } from "../language";
import { Card, Empty, Fault, Num, useAction } from "../parts";
import { explained } from "../story";
import { words } from "./asked";
import { whenIn } from "./when";

const pageSize = 50;

export function Behind({ query, title, zone, close }: { query: string; title: string; zone: string; close: () => void }) {
  const w = t.value;
  const when = whenIn(zone);
  const list = useSignal<Contact[]>([]);
  const all = useSignal<number | null>(null);
  const { busy, error, run } = useAction();
  const more = () => run(async () => {
    const page = await get<Contacts>(`/api/reports/contacts?${query}&limit=${pageSize}&offset=${list.value.length}`);
    list.value = [...list.value, ...page.contacts];
    all.value = page.all;
  });
  useEffect(() => {
    void more();
    document.querySelector('[data-testid="contacts"]')?.scrollIntoView({ block: "nearest" });
  }, []);
  const save = (form: string, label: string) => <a class="save" href={`/api/reports/contacts.${form}?${query}&lang=${language.value}`} data-testid={`contacts-${form}`}>{label}</a>;
  return (
    <Card id="contacts" class="no-print" title={`${title}: ${all.value === null ? "…" : words.value.counted(all.value, count(all.value))}`}
      note={<>{save("csv", words.value.asCSV)} {save("xlsx", words.value.asXLSX)} <button class="quiet" onClick={close} data-testid="contacts-close">{w.close}</button></>}>
      <Fault error={error.value} />
      {all.value === null && !error.value && <Empty>{words.value.stillLoading}</Empty>}
      {list.value.length > 0 && (
        <table data-testid="contacts-table" data-all={all.value ?? undefined}>
          <thead><tr><th>{w.when}</th><th>{w.from}</th><th>{w.queue}</th><th>{w.agent}</th><th class="figure">{w.wait}</th><th class="figure">{w.talk}</th><th>{w.result}</th><th><span class="hidden">{w.explain}</span></th></tr></thead>
          <tbody>{list.value.map((c) => (
            <tr key={c.call + c.offered} data-testid="contact" data-call={c.call}>
              <td class="when">{when.short(c.offered)} {when.hour(c.offered)}</td>
              <td class="from">{c.from ? <Num>{c.from}</Num> : w.unknownCaller}</td>
              <td data-label={w.queue}><bdi>{queueName(c.queue)}</bdi></td>
              <td data-label={w.agent}>{c.agent ? <bdi>{agentName(c.agent)}</bdi> : "–"}</td>
              <td class="figure ticks" data-label={w.wait}>{duration(c.wait)}</td>
              <td class="figure ticks" data-label={w.talk}>{c.talk ? duration(c.talk) : "–"}</td>
              <td class="result"><span class="state off">{w.outcomes[c.outcome] ?? c.outcome}{c.reason ? ` (${w.reasons[c.reason] ?? c.reason})` : ""}</span></td>
              <td class="act"><button class="quiet" data-testid="explain-contact" onClick={() => (explained.value = { id: c.call, from: { number: c.from }, started: c.offered })}>{w.explain}</button></td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {list.value.length < (all.value ?? 0) && <button class="quiet" disabled={busy.value} onClick={more} data-testid="more-contacts">{w.older}</button>}
    </Card>
  );
}
