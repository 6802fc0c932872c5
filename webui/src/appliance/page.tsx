// The box under the telephone: what it is, its network, its updates, its end.
import { useEffect } from "preact/hooks";
import type { Appliance } from "../api";
import { count, language, moment } from "../language";
import { Card, Fault, Lamp, useAction } from "../parts";
import { me, now } from "../store";
import { applianceWords } from "../words/appliance";
import { Ending } from "./ending";
import { NetworkCard } from "./network";
import { appliance, look } from "./state";
import { Update } from "./update";

export function AppliancePage(_: { path: string[] }) {
  const { error, run } = useAction();
  useEffect(() => {
    void run(look);
    const timer = setInterval(() => void look().catch(() => undefined), 3000); // the shell tells when the box is lost
    return () => clearInterval(timer);
  }, []);
  const a = appliance.value;
  return (
    <div class="stack" data-testid="appliance">
      <Fault error={error.value} />
      {a && <><About box={a} /><NetworkCard network={a.network} /><Update updating={a.updating} /><Ending started={a.started} keeps={me.value?.rights.includes("keep") ?? false} /></>}
    </div>
  );
}

function About({ box }: { box: Appliance }) {
  const w = applianceWords[language.value];
  return (
    <Card id="appliance-about" title={w.about} class="care thing">
      <div class="row">
        <Lamp mood={box.trial ? "call" : "ready"} />
        <div class="row-main">
          <span class="row-name">{w.version} <bdi dir="ltr" data-testid="appliance-version">{box.version}</bdi></span>
          <span class="row-sub">{w.board} <bdi dir="ltr">{box.board}</bdi> · {w.slot(box.slot.toUpperCase())} · {w.started(moment(box.started, now.value))}</span>
          {box.trial && <span class="row-sub">{w.trial}</span>}
        </div>
      </div>
      {box.ends.length > 0 && (
        <details data-testid="appliance-ends">
          <summary>{w.ends(count(box.ends.length))}</summary>
          <ul>{box.ends.map((e) => <li key={e.at}>{moment(e.at, now.value)} <bdi dir="ltr">{e.how}</bdi></li>)}</ul>
        </details>
      )}
    </Card>
  );
}
