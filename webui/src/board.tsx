// The live board.
import { useEffect } from "preact/hooks";
import { Calls } from "./calls";
import { Certificate } from "./certificate";
import { Conferences } from "./conferences";
import { count, dayOf, duration, exactly, hourOf, language, t } from "./language";
import { Hours, HoursSettings } from "./hours";
import { Lines } from "./lines";
import { Lamp, named } from "./parts";
import { Agents, Phones } from "./people";
import { Protected } from "./protection";
import { QueueSettings } from "./queueform";
import { Queues } from "./queues";
import { Rehearsal } from "./rehearsal";
import { Recordings } from "./recordings";
import { Records } from "./records";
import { calls, connection, floor, health, lines, now, phones, seen, watch } from "./store";
import { Desk } from "./desk";
import { Sounds } from "./sounds";
import { Explanation } from "./story";
import { Tones } from "./tones";
import { Trial } from "./trial";
import { Switches } from "./switches";
import { Trunks } from "./trunks";
import { Voicemail } from "./voicemail";
import { LiveTrace } from "./watch";

export function Board({ demo }: { demo: boolean }) {
  useEffect(watch, []);
  const lost = connection.value === "lost";
  return (
    <>
      <Hero />
      {lost && <p class="banner" role="alert" data-testid="connection-lost">{t.value.lost(exactly(seen.value))}</p>}
      <Troubles />
      <main class={`board ${lost ? "stale" : ""} ${demo ? "demo" : ""}`} data-testid="board" data-connection={connection.value}>
        <div class="col col-lines">
          {demo && <Trial />}
          <Lines />
          <Trunks />
          <Switches />
          <Hours />
        </div>
        <div class="col col-calls"><Calls /><Conferences /><Queues /></div>
        <div class="col col-people"><Agents /><Phones />{demo && <Desk />}</div>
        <Records />
        <Sounds />
        <Recordings />
        <Voicemail />
        <QueueSettings />
        <HoursSettings />
        <div class="col col-net"><Protected /><Rehearsal /><LiveTrace /><Certificate /><Tones /></div>
        <Explanation />
      </main>
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
  const state = connection.value;
  return (
    <section class="hero">
      <div class="hero-words">
        <h1 aria-live="polite" data-testid="headline">{head}</h1>
        <p>{lead}</p>
      </div>
      <div class="hero-clock">
        <span class="hero-hour ticks">{hourOf(now.value)}</span>
        <span>{dayOf(now.value)}</span>
        <span class={`pulse ${state}`} data-testid="connection">
          {state === "live" ? w.live : w.connecting}
        </span>
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
