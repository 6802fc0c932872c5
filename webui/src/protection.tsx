// Who is kept out of the box, and what was turned away.
import type { Ban, Turned } from "./api";
import { post } from "./client";
import { aside, count, digits, moment, t } from "./language";
import { Card, Empty, Fault, Lamp, useAction } from "./parts";
import { now, protection } from "./store";

export function Protected() {
  const { bans, turned } = protection.value;
  return (
    <Card id="protection" title={t.value.protection}>
      {bans.length === 0 ? <Empty>{t.value.nobodyBanned}</Empty> : (
        <ul class="rows">{bans.map((b) => <BanRow key={b.source + (b.account ?? "")} ban={b} />)}</ul>
      )}
      <Tallies turned={turned} />
    </Card>
  );
}

/** One address is shown without the length of its network. */
const shown = (source: string): string => source.replace(/\/32$/, "");

function BanRow({ ban: b }: { ban: Ban }) {
  const { busy, error, run } = useAction();
  const w = t.value;
  const source = shown(b.source);
  return (
    <li class="row" data-testid="ban" data-source={b.source}>
      <Lamp mood={b.account ? "rest" : "bad"} />
      <div class="row-main">
        <span class="row-name"><bdi dir="ltr">{source}</bdi>{b.account && <span class="tag">{w.waitsFor(aside(digits(b.account)))}</span>}</span>
        <span class="row-sub">{w.banWhy(count(b.wrong), aside(digits(b.last)))}</span>
        <span class="row-sub">{w.banTime(moment(b.since, now.value), moment(b.until, now.value))}</span>
        <Fault error={error.value} />
      </div>
      <button class="quiet" disabled={busy.value} aria-label={`${w.letIn} ${source}`} data-testid="ban-lift"
        onClick={() => void run(() => post("/api/protection/lift", { source: b.source }))}>{w.letIn}</button>
    </li>
  );
}

const Tallies = ({ turned }: { turned: Turned }) => (
  <dl class="tallies" data-testid="turned">
    {(Object.keys(t.value.turned) as (keyof Turned)[]).map((k) => (
      <div key={k} data-testid={`turned-${k}`}><dt>{t.value.turned[k]}</dt><dd class={turned[k] > 0 ? "some" : ""}>{count(turned[k])}</dd></div>
    ))}
  </dl>
);
