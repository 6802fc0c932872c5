// The simulated analog phones on the box's own phone sockets.
import type { SimPhone } from "./api";
import { post } from "./client";
import { Handset } from "./handset";
import { aside, digits, t } from "./language";
import { lineName } from "./lines";
import { Card, Fault, Lamp, type Mood, Since, useAction } from "./parts";
import { Player } from "./player";
import { lines, simulator } from "./store";

const moods: { [state: string]: Mood } = { "on-hook": "calm", ringing: "call", "off-hook": "talk" };

export const Desk = () => simulator.value.phones.length > 0 && (
  <Card id="desks" title={t.value.desk}>
    <ul class="rows">{simulator.value.phones.map((p) => <DeskPhone key={p.port} phone={p} />)}</ul>
  </Card>
);

function DeskPhone({ phone: p }: { phone: SimPhone }) {
  const { busy, error, run } = useAction();
  const act = (what: string, body?: unknown) =>
    run(async () => (simulator.value = await post(`/api/sim/phones/${p.port}/${what}`, body)));
  const w = t.value;
  const lifted = p.state === "off-hook";
  const mood = moods[p.state] ?? "off";
  return (
    <li class="desk">
      <div class="row" data-testid={`desk-${p.port}-state`} data-state={p.state}>
        <Lamp mood={mood} />
        <div class="row-main">
          <span class="row-name"><bdi>{lineName(p.port, lines.value.find((l) => l.port === p.port)?.name)}</bdi>{p.extension && <span class="tag">{digits(p.extension)}</span>}</span>
          <span class={`state ${mood}`}>{w.deskState[p.state] ?? p.state}{p.since && p.state !== "on-hook" && <> · <Since at={p.since} /></>}</span>
          {p.state === "ringing" && p.caller && <span class="row-sub">{w.callFrom(aside(digits(p.caller)))}</span>}
        </div>
        {!lifted && (
          <button class={`quiet ${p.state === "ringing" ? "ask" : ""}`} disabled={busy.value} data-testid={`desk-${p.port}-lift`} onClick={() => act("lift")}>
            {p.state === "ringing" ? w.answer : w.lift}
          </button>
        )}
      </div>
      {lifted && (
        <div class="handset">
          <Handset id={`desk-${p.port}`} press={(keys) => act("dial", { digits: keys })} talk={(hz) => act("talk", { hz })} />
          <div class="buttons">
            <button class="main danger" disabled={busy.value} data-testid={`desk-${p.port}-hang`} onClick={() => act("hang")}>{w.hangDown}</button>
            <button class="quiet" disabled={busy.value} data-testid={`desk-${p.port}-flash`} onClick={() => act("flash")}>{w.flash}</button>
          </div>
        </div>
      )}
      <Fault error={error.value} id={`desk-${p.port}-error`} />
      {!lifted && p.heard > 0 && <Player path={`/api/sim/phones/${p.port}/heard.wav`} version={p.since ?? ""} id={`desk-${p.port}-audio`} />}
    </li>
  );
}
