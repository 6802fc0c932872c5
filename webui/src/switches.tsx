// The switches for the night, on a box that has any.
import type { Switch } from "./api";
import { post } from "./client";
import { agentName } from "./calls";
import { aside, digits, moment, t } from "./language";
import { Card, Fault, Lamp, useAction } from "./parts";
import { now, switches } from "./store";

export const Switches = () =>
  switches.value.length === 0 ? null : (
    <Card id="switches" title={t.value.switches}>
      <ul class="rows">{switches.value.map((s) => <SwitchRow key={s.number} it={s} />)}</ul>
    </Card>
  );

function SwitchRow({ it: s }: { it: Switch }) {
  const { busy, error, run } = useAction();
  const w = t.value;
  const name = s.name || digits(s.number);
  return (
    <li class="row" data-testid={`switch-${s.number}`} data-state={s.on ? "on" : "off"}>
      <Lamp mood={s.on ? "call" : "off"} />
      <div class="row-main">
        <span class="row-name"><bdi>{name}</bdi><span class="tag"><bdi dir="ltr">{digits(s.number)}</bdi></span></span>
        <span class={`state ${s.on ? "call" : "off"}`}>{s.on ? w.switchOn : s.day ? w.switchDay : s.closed ? w.switchByHours : w.switchOff}</span>
        {s.at && <span class="row-sub">{w.switchedBy(aside(agentName(s.by ?? "")), moment(s.at, now.value))}</span>}
        <Fault error={error.value} />
      </div>
      <button class="quiet" role="switch" aria-checked={s.on} aria-label={name} disabled={busy.value} data-testid={`turn-${s.number}`}
        onClick={() => void run(() => post(`/api/switches/${encodeURIComponent(s.number)}`, { on: !s.on }))}>{s.on ? w.turnOff : w.turnOn}</button>
      {s.hours && (
        <button class="quiet" aria-pressed={s.day ?? false} disabled={busy.value} data-testid={`day-${s.number}`}
          onClick={() => void run(() => post(`/api/switches/${encodeURIComponent(s.number)}`, { on: false, day: !s.day }))}>{w.keepOpen}</button>
      )}
    </li>
  );
}
