// The queues: who waits, in which place and for how long.
import type { Queue, Waiting } from "./api";
import { agentName } from "./calls";
import { aside, count, digits, t } from "./language";
import { Card, Empty, Since, Who } from "./parts";
import { CallBackForm, HeldActs, HeldState } from "./callbacks";
import { floor } from "./store";
import { Ushering } from "./supervise";

export const Queues = () => (
  <Card id="queues" title={t.value.queues}>
    {floor.value.queues.length === 0 ? <Empty>{t.value.queuesEmpty}</Empty> : floor.value.queues.map((q) => <QueueCard key={q.number} queue={q} />)}
  </Card>
);

const QueueCard = ({ queue: q }: { queue: Queue }) => (
  <section class="queue" data-testid={`queue-${q.number}`} data-waiting={q.waiting.length} aria-label={q.name || q.number}>
    <header class="queue-head">
      <h3><bdi>{q.name || digits(q.number)}</bdi> <span class="tag">{digits(q.number)}</span></h3>
      {q.strategy && <span class="row-sub">{t.value.strategy[q.strategy]}</span>}
      <span class="tally"><b class={q.waiting.length ? "hot" : ""}>{count(q.waiting.length)}</b> {t.value.waiting}</span>
      <span class="tally"><b>{count(q.talking)}</b> {t.value.talking}</span>
    </header>
    {q.waiting.length === 0 ? <p class="hush">{t.value.queueEmpty}</p> : (
      <ol class="waiting">{q.waiting.map((w) => <WaitingRow key={w.call} waiting={w} queue={q.number} />)}</ol>
    )}
    {q.calls_back && <CallBackForm queue={q.number} />}
  </section>
);

const WaitingRow = ({ waiting: w, queue }: { waiting: Waiting; queue: string }) => (
  <li class="waiter" data-testid={`waiting-${w.position}`}>
    <span class="place" aria-label={t.value.position(count(w.position))}>{count(w.position)}</span>
    <span class="row-main">
      <Who party={w.party} />
      {w.held && <HeldState held={w.held} />}
      <Ushering waiting={w} queue={queue} />
      {w.offered && <span class="row-sub call-text">{t.value.beingRung(aside(agentName(w.offered)))}</span>}
    </span>
    {w.held && <HeldActs id={w.call} queue={queue} held={w.held} />}
    <Since at={w.held?.asked ?? w.joined} />
  </li>
);
