// The overview: what is wrong, and what happens now.
import type { Me } from "../api";
import { Calls } from "../calls";
import { Conferences } from "../conferences";
import { Desk } from "../desk";
import { Hours } from "../hoursnow";
import { count, dayOf, duration, hourOf, language, t } from "../language";
import { Lines } from "../lines";
import { Lamp, named } from "../parts";
import { Agents, Phones } from "../people";
import { Queues } from "../queues";
import { calls, floor, health, lines, now, phones } from "../store";
import { Switches } from "../switches";
import { Trial } from "../trial";
import { Trunks } from "../trunks";
import { shellWords } from "../words/shell";

export function Overview({ who }: { who: Me }) {
  const may = (right: string) => who.rights.includes(right);
  const plays = who.demo && may("settings");
  return (
    <>
      <Hero />
      <Troubles />
      <div class={`board ${plays ? "demo" : ""}`}>
        <div class="col col-lines">
          {who.setup && <section class="card setup-open" data-testid="setup-open">{shellWords[language.value].notSetUp} <a href="#/setup">{shellWords[language.value].setUp}</a></section>}
          {plays && <Trial />}
          {may("plant") && <><Lines /><Trunks /></>}
          {may("settings") && <><Switches /><Hours /></>}
        </div>
        {may("calls") && <div class="col col-calls"><Calls /><Conferences /><Queues /></div>}
        <div class="col col-people">{may("calls") && <Agents />}{may("plant") && <Phones />}{plays && <Desk />}</div>
      </div>
    </>
  );
}

/** The state of the house in one sentence. */
function Hero() {
  const w = t.value;
  const waiting = floor.value.queues.flatMap((q) => q.waiting).sort((a, b) => a.joined.localeCompare(b.joined));
  const running = calls.value.length;
  const first = waiting[0];
  let head = w.allQuiet;
  const { agents } = floor.value;
  let lead = agents.length > 0 && !agents.some((a) => a.state === "free") ? w.quietAlone : w.quietLead;
  if (agents.length + lines.value.length + phones.value.length === 0) lead = w.quietEmpty;
  if (first) {
    head = w.waitingNow(waiting.length, count(waiting.length));
    lead = w.nextIs(named(first.party), duration(now.value - Date.parse(first.joined)));
  } else if (running) {
    head = w.talkingNow(running, count(running));
    lead = w.nobodyWaits;
  }
  return (
    <section class="hero">
      <div class="hero-words">
        <h1 aria-live="polite" data-testid="headline">{head}</h1>
        <p>{lead}</p>
      </div>
      <div class="hero-clock">
        <span class="hero-hour ticks">{hourOf(now.value)}</span>
        <span>{dayOf(now.value)}</span>
      </div>
    </section>
  );
}

const Troubles = () => (
  <>
    {health.value.map((p) => (
      <section key={p.id} class={`trouble ${p.severity}`} data-testid={`trouble-${p.id}`}>
        <Lamp mood={p.severity === "info" ? "calm" : p.severity === "warning" ? "call" : "bad"} />
        <p><strong>{p.text[language.value]}</strong> {p.fix[language.value]} {p.detail && <bdi class="tag">{p.detail}</bdi>}</p>
      </section>
    ))}
  </>
);
