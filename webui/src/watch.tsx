// The SIP messages of a phone, a trunk or an address while they come.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SIPMessage, Watch, Watching } from "./api";
import { post } from "./client";
import { ascii, count, t } from "./language";
import { Ladder } from "./ladder";
import { Card, Empty, Fault, useAction } from "./parts";
import { phones, trunks } from "./store";

/** How many messages the page keeps; the file has more. */
const most = 300;

/** Whose messages a person means: a trunk's name, an address, or else a phone. */
function meant(who: string): Watch {
  const plain = ascii(who.trim());
  const ask = { phone: "", trunk: "", from: "", seconds: 0 };
  if (trunks.value.some((k) => k.name === who.trim())) return { ...ask, trunk: who.trim() };
  return /[.:]/.test(plain) ? { ...ask, from: plain } : { ...ask, phone: plain };
}

export function LiveTrace() {
  const id = useSignal("");
  const running = useSignal(false);
  const messages = useSignal<SIPMessage[]>([]);
  const lost = useSignal(0);
  const { busy, error, run } = useAction();
  const path = `/api/sip/traces/${id.value}`;

  useEffect(() => {
    if (!running.value) return;
    const stream = new EventSource(`${path}/live`); // it comes again by itself, from where it was
    stream.onmessage = (e: MessageEvent<string>) => {
      const all = [...messages.value, JSON.parse(e.data) as SIPMessage];
      lost.value += Math.max(0, all.length - most);
      messages.value = all.slice(-most);
    };
    stream.addEventListener("lost", (e) => (lost.value += Number((e as MessageEvent<string>).data)));
    stream.addEventListener("end", () => (running.value = false));
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) running.value = false;
    };
    return () => stream.close();
  }, [id.value, running.value]);

  const start = (e: SubmitEvent) => {
    e.preventDefault();
    const who = String(new FormData(e.currentTarget as HTMLFormElement).get("who"));
    void run(async () => {
      const begun = await post<Watching>("/api/sip/traces", meant(who));
      messages.value = [];
      lost.value = 0;
      id.value = begun.id;
      running.value = true;
    });
  };
  const stop = () => void run(() => post(`${path}/stop`));
  const w = t.value;
  return (
    <Card id="trace" title={w.trace} note={running.value ? w.traceRuns : undefined}>
      <form class="dial" onSubmit={start}>
        <input name="who" list="trace-whose" dir="auto" required maxLength={64} autocomplete="off" autocapitalize="none" spellcheck={false}
          placeholder={w.traceWho} aria-label={w.traceWho} disabled={running.value} data-testid="trace-who" />
        <datalist id="trace-whose">
          {[...new Set(phones.value.map((p) => p.extension))].map((n) => <option key={n} value={n} />)}
          {trunks.value.map((k) => <option key={k.name} value={k.name} />)}
        </datalist>
        {running.value
          ? <button type="button" class="quiet danger" disabled={busy.value} onClick={stop} data-testid="trace-stop">{w.stop}</button>
          : <button class="quiet" disabled={busy.value} data-testid="trace-start">{w.start}</button>}
      </form>
      <Fault error={error.value} id="trace-error" />
      <div class="trace-log" aria-live="off" data-testid="trace-log" data-state={running.value ? "running" : "stopped"}>
        {messages.value.length === 0 ? <Empty>{running.value ? w.traceWaits : w.traceLead}</Empty> : (
          <>
            <p class="hint">{lost.value > 0 ? w.traceLost(count(lost.value)) : w.sipHint} <a class="quiet" href={`${path}/sip.pcap`} download="sip.pcap" data-testid="trace-pcap">{w.savePCAP}</a></p>
            <Ladder messages={messages.value} />
          </>
        )}
      </div>
    </Card>
  );
}
