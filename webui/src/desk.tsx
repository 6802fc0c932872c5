// The simulated analog phone on the box's own phone socket.
import type { SimPhone } from "./api";
import { post } from "./client";
import { digits, t } from "./language";
import { lineName } from "./lines";
import { Card, Fault, Lamp, type Mood, Since, useAction } from "./parts";
import { Player } from "./player";
import { simulator } from "./store";
import { Keys } from "./trial";

const moods: { [state: string]: Mood } = { "on-hook": "calm", ringing: "call", "off-hook": "talk" };

export const Desk = () => (
  <>
    {simulator.value.phones.map((p) => <DeskPhone key={p.port} phone={p} />)}
  </>
);

function DeskPhone({ phone: p }: { phone: SimPhone }) {
  const { busy, error, run } = useAction();
  const act = (what: string, body?: unknown) =>
    run(async () => (simulator.value = await post(`/api/sim/phones/${p.port}/${what}`, body)));
  const w = t.value;
  const lifted = p.state === "off-hook";
  return (
    <Card id={`desk-${p.port}`} title={w.desk} note={p.extension && <span class="tag">{digits(p.extension)}</span>}>
      <p class="desk-state" data-testid={`desk-${p.port}-state`} data-state={p.state}>
        <Lamp mood={moods[p.state] ?? "off"} /> <span>{lineName(p.port)} · {w.deskState[p.state] ?? p.state}</span>
        {p.since && p.state !== "on-hook" && <Since at={p.since} />}
      </p>
      {lifted && <Keys id={`desk-${p.port}`} press={(digit) => act("dial", { digits: digit })} />}
      <Fault error={error.value} id={`desk-${p.port}-error`} />
      <div class="buttons">
        {lifted ? (
          <>
            <button class="main danger" disabled={busy.value} data-testid={`desk-${p.port}-hang`} onClick={() => act("hang")}>{w.hangDown}</button>
            <button class="quiet" disabled={busy.value} data-testid={`desk-${p.port}-flash`} onClick={() => act("flash")}>{w.flash}</button>
          </>
        ) : (
          <button class="main soft" disabled={busy.value} data-testid={`desk-${p.port}-lift`} onClick={() => act("lift")}>{p.state === "ringing" ? w.answer : w.lift}</button>
        )}
      </div>
      {!lifted && p.heard > 0 && <Player path={`/api/sim/phones/${p.port}/heard.wav`} version={p.since ?? ""} id={`desk-${p.port}-audio`} />}
    </Card>
  );
}
