// The analog ports, with what a meter across them would show.
import type { Line } from "./api";
import { digits, measured, t } from "./language";
import { Card, Empty, Lamp, type Mood, Who } from "./parts";
import { lines } from "./store";

const moods: { [state: string]: Mood } = { idle: "calm", ringing: "call", "off-hook": "ready", "in-call": "talk", unplugged: "off", fault: "bad" };

export const Lines = () => (
  <Card id="lines" title={t.value.lines}>
    {lines.value.length === 0 ? <Empty>{t.value.linesEmpty}</Empty> : (
      <ul class="rows">{lines.value.map((l) => <LineRow key={l.port} line={l} />)}</ul>
    )}
  </Card>
);

/** What people call a port: its name, or "Line 1". */
export function lineName(port: string, name = ""): string {
  if (name) return name;
  const n = digits(port.replace(/^\D+/, ""));
  return port.startsWith("fxs") ? t.value.phoneSocket(n) : t.value.line(n);
}

const LineRow = ({ line: l }: { line: Line }) => (
  <li class="row" data-testid={`line-${l.port}`} data-state={l.state}>
    <Lamp mood={moods[l.state] ?? "off"} />
    <div class="row-main">
      <span class="row-name"><bdi>{lineName(l.port, l.name)}</bdi>{l.extension && <span class="tag">{digits(l.extension)}</span>}</span>
      <span class={`state ${moods[l.state] ?? "off"}`}>{t.value.lineState[l.state] ?? l.state}</span>
      {l.caller && l.caller.number !== l.extension && <span class="row-sub"><Who party={l.caller} /></span>}
      {l.fault && <span class="row-sub bad">{l.fault}</span>}
    </div>
    <dl class="meter">
      <Reading value={l.volts} unit={t.value.volts} />
      <Reading value={l.milliamps} unit={t.value.milliamps} />
    </dl>
  </li>
);

const Reading = ({ value, unit }: { value: number; unit: string }) => (
  <div><dd><bdi dir="ltr">{measured(value)}</bdi></dd><dt><bdi>{unit}</bdi></dt></div>
);
