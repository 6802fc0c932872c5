// The SIP trunks, on a box that has any.
import type { Trunk } from "./api";
import { count, t } from "./language";
import { Card, Lamp, type Mood } from "./parts";
import { trunks } from "./store";

const moods: { [state: string]: Mood } = { starting: "off", up: "ready", down: "bad" };

export const Trunks = () =>
  trunks.value.length === 0 ? null : (
    <Card id="trunks" title={t.value.trunks}>
      <ul class="rows">{trunks.value.map((k) => <TrunkRow key={k.name} trunk={k} />)}</ul>
    </Card>
  );

const TrunkRow = ({ trunk: k }: { trunk: Trunk }) => (
  <li class="row" data-testid={`trunk-${k.name}`} data-state={k.state}>
    <Lamp mood={moods[k.state] ?? "off"} />
    <div class="row-main">
      <span class="row-name"><bdi>{k.name}</bdi></span>
      <span class={`state ${moods[k.state] ?? "off"}`}>{t.value.trunkState[k.state] ?? k.state}</span>
      {k.calls > 0 && <span class="row-sub">{t.value.trunkCalls(count(k.calls), k.most ? count(k.most) : "")}</span>}
      {k.detail && <span class="row-sub bad"><bdi dir="ltr">{k.detail}</bdi></span>}
    </div>
  </li>
);
