// Files for whoever helps.
import type { Me } from "../api";
import { digits, language } from "../language";
import { Card, Empty } from "../parts";
import { calls } from "../store";
import { careWords } from "../words/care";

export function Support({ who }: { who: Me }) {
  const w = careWords[language.value];
  return (
    <Card id="care-support" title={w.support} class="care">
      <p class="row-sub">{w.supportLead}</p>
      <a class="quiet" href="/api/care/support.tar.gz" download data-testid="support">{w.download}</a>
      {who.role === "owner" && (
        <details class="settings" data-testid="wire">
          <summary>{w.wire}</summary>
          <p class="row-sub">{w.wireLead}</p>
          {calls.value.length === 0 && <Empty>{w.noCalls}</Empty>}
          {calls.value.map((c) => <a key={c.id} class="quiet" href={`/api/calls/${encodeURIComponent(c.id)}/rtp.pcap`} download data-testid={`wire-${c.id}`}>{digits(c.from.number || c.id)}</a>)}
        </details>
      )}
    </Card>
  );
}
