// The SIP messages of one call, on request.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SIPTrace } from "./api";
import { get } from "./client";
import { t } from "./language";
import { Ladder } from "./ladder";
import { Empty, Fault, useAction } from "./parts";

/** beat changes when the messages are worth reading again. */
export function CallSIP({ id, beat }: { id: string; beat: unknown }) {
  const open = useSignal(false);
  const trace = useSignal<SIPTrace | null>(null);
  const { error, run } = useAction();
  const path = `/api/calls/${encodeURIComponent(id)}/sip`;
  useEffect(() => {
    if (open.value) void run(async () => (trace.value = await get<SIPTrace>(path)));
  }, [open.value, beat]);
  const w = t.value;
  const messages = trace.value?.messages ?? [];
  return (
    <section class="sip">
      <header class="card-head">
        <h3>{w.sip}</h3>
        {open.value && messages.length > 0 && <a class="quiet" href={`${path}.pcap`} download="sip.pcap" data-testid="sip-pcap">{w.savePCAP}</a>}
        <button class="quiet" aria-expanded={open.value} onClick={() => (open.value = !open.value)} data-testid="sip-show">{open.value ? w.hide : w.show}</button>
      </header>
      {open.value && (
        <>
          <Fault error={error.value} />
          {trace.value && (messages.length === 0 ? <Empty>{w.sipEmpty}</Empty> : <><p class="hint">{w.sipHint}</p><Ladder messages={messages} /></>)}
        </>
      )}
    </section>
  );
}
