// Webhooks: how each stands, and what it was told of late.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Outcome, WebhookList, WebhookState } from "../api";
import { get, post } from "../client";
import { count, exactly, language } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { webhookWords } from "../words/webhooks";

export function Webhooks() {
  const w = webhookWords[language.value];
  const list = useSignal<WebhookState[] | null>(null);
  const { error, run } = useAction();
  const load = () => run(async () => (list.value = (await get<WebhookList>("/api/webhooks")).webhooks));
  useEffect(() => void load(), []);
  return (
    <Card id="care-webhooks" title={w.title} class="care">
      <p class="row-sub">{w.lead} <a href="#/settings/webhooks">{w.set}</a></p>
      <Fault error={error.value} />
      {list.value?.length === 0 && <Empty>{w.none}</Empty>}
      {list.value?.map((h) => <One key={h.name} hook={h} load={load} />)}
    </Card>
  );
}

function One({ hook: h, load }: { hook: WebhookState; load: () => Promise<unknown> }) {
  const w = webhookWords[language.value];
  const told = useSignal<Outcome | null>(null);
  const { busy, error, run } = useAction();
  const test = async () => {
    told.value = await post<Outcome>(`/api/webhooks/${h.name}/test`);
    await load();
  };
  const on = async () => {
    await post(`/api/webhooks/${h.name}/on`);
    await load();
  };
  return (
    <div class="settings" data-testid={`webhook-${h.name}`}>
      <h3><bdi>{h.name}</bdi></h3>
      {h.off ? <p class="fault">{w.off} <button class="quiet" disabled={busy.value} onClick={() => void run(on)} data-testid={`webhook-${h.name}-on`}>{w.on}</button></p>
        : h.since && <p class="hint">{w.since(exactly(h.since))}</p>}
      {h.waiting > 0 && <p class="hint">{w.waiting(count(h.waiting))}</p>}
      <button class="quiet" disabled={busy.value} onClick={() => void run(test)} data-testid={`webhook-${h.name}-test`}>{w.test}</button>
      {told.value && <p role="status" data-testid={`webhook-${h.name}-tested`}>{told.value.ok ? w.arrived : w.failed(told.value.detail ?? "")}</p>}
      <Fault error={error.value} />
      {h.told.length > 0 && (
        <details>
          <summary>{w.told}</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={w.told}>
            <table>
              <thead><tr><th>{w.made}</th><th>{w.what}</th><th>{w.tries}</th><th>{w.became}</th></tr></thead>
              <tbody>
                {h.told.map((d) => (
                  <tr key={d.id}>
                    <td>{exactly(d.made)}</td><td dir="ltr">{d.kind} {d.type}</td><td>{count(d.tries)}</td>
                    <td>{d.taken ? w.taken : <bdi>{d.answer}</bdi>} {d.next && w.waits(exactly(d.next))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </div>
  );
}
