// Agents with what they are doing and for how long, and the phones on the network.
import type { Agent, Phone } from "./api";
import { agentName, queueName } from "./calls";
import { digits, duration, t } from "./language";
import { Card, Empty, Lamp, type Mood, Since } from "./parts";
import { floor, now, phones } from "./store";
import { Managing } from "./supervise";

const moods: { [state: string]: Mood } = { "logged-out": "off", paused: "rest", offline: "off", free: "ready", reserved: "call", ringing: "call", talking: "talk", "wrap-up": "rest", busy: "talk", missed: "rest" };

export const Agents = () => (
  <Card id="agents" title={t.value.people}>
    {floor.value.agents.length === 0 ? <Empty>{t.value.peopleEmpty}</Empty> : (
      <ul class="rows">{floor.value.agents.map((a) => <AgentRow key={a.extension} agent={a} />)}</ul>
    )}
  </Card>
);

function AgentRow({ agent: a }: { agent: Agent }) {
  const mood = moods[a.state] ?? "off";
  const left = a.until ? Date.parse(a.until) - now.value : 0;
  return (
    <li class={`row agent ${mood}`} data-testid={`agent-${a.extension}`} data-state={a.state}>
      <span class={`face ${mood}`} aria-hidden="true">{initial(a.name || a.extension)}</span>
      <div class="row-main">
        <span class="row-name"><bdi>{a.name || digits(a.extension)}</bdi><span class="tag">{digits(a.extension)}</span></span>
        <span class={`state ${mood}`}>{t.value.agentState[a.state] ?? a.state}{a.queue && a.state !== "free" && <> · <bdi>{queueName(a.queue)}</bdi></>}</span>
        <Managing agent={a} />
      </div>
      {left > 0 ? <span class="ticks" title={t.value.freeIn(duration(left))}>{duration(left)}</span> : <Since at={a.since} />}
    </li>
  );
}

const initial = (name: string): string => digits([...name][0] ?? "");

export const Phones = () => (
  <Card id="phones" title={t.value.phones}>
    {phones.value.length === 0 ? <Empty>{t.value.phonesEmpty}</Empty> : (
      <ul class="rows">{phones.value.map((p) => <PhoneRow key={p.contact} phone={p} />)}</ul>
    )}
  </Card>
);

const PhoneRow = ({ phone: p }: { phone: Phone }) => (
  <li class="row" data-testid={`phone-${p.extension}`}>
    <Lamp mood="ready" />
    <div class="row-main">
      <span class="row-name"><bdi>{p.name || agentName(p.extension)}</bdi><span class="tag">{digits(p.extension)}</span></span>
      <span class="row-sub"><bdi dir="ltr">{p.agent || p.source}</bdi></span>
    </div>
    {/^(tls|wss)$/i.test(p.transport) && <span class="row-sub">{t.value.encrypted}</span>}
  </li>
);
