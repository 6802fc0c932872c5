// The certificate that the box shows to browsers and to phones on TLS.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CertificateView } from "./api";
import { get, post } from "./client";
import { date, t } from "./language";
import { Card, Fault, Lamp, type Mood, useAction } from "./parts";

const moods: { [state: string]: Mood } = { good: "ready", ending: "rest", over: "bad" };

export function Certificate() {
  const shown = useSignal<CertificateView | null>(null);
  const { busy, error, run } = useAction();
  useEffect(() => void run(async () => (shown.value = await get<CertificateView>("/api/certificate"))), []);
  const w = t.value;
  const c = shown.value;
  return (
    <Card id="certificate" title={w.certificate}>
      {c && (
        <div class="row" data-testid="certificate-shown" data-state={c.state}>
          <Lamp mood={moods[c.state] ?? "off"} />
          <div class="row-main">
            <span class={`state ${moods[c.state] ?? "off"}`}>{w.certificateState[c.state] ?? c.state}</span>
            <span class="row-sub">{c.own ? w.certificateOwn : w.certificateBought}</span>
            <span class="row-sub" data-testid="certificate-life">{w.certificateLife(date(c.since), date(c.until))}</span>
            <span class="row-sub">{w.certificateNames} <bdi dir="ltr" data-testid="certificate-names">{c.names.join(", ")}</bdi></span>
          </div>
        </div>
      )}
      <Fault error={error.value} />
      <span class="buttons">
        {c?.own && <button class="quiet" disabled={busy.value} data-testid="certificate-renew"
          onClick={() => void run(async () => (shown.value = await post<CertificateView>("/api/certificate/renew")))}>{w.certificateRenew}</button>}
        {c?.own && <a class="quiet" href="/api/certificate/root.pem" download data-testid="certificate-root">{w.certificateRoot}</a>}
      </span>
    </Card>
  );
}
