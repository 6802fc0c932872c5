// Mailboxes: how many messages are in each, and the messages to hear.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Message, Voicemail as Page } from "./api";
import { agentName, queueName } from "./calls";
import { get, post } from "./client";
import { count, digits, duration, moment, t } from "./language";
import { Card, Empty, Fault, named, useAction, Who } from "./parts";
import { calls, floor, now } from "./store";
import { explained } from "./story";

const at = (m: Message): string => `/api/voicemail/${encodeURIComponent(m.box)}/${encodeURIComponent(m.id)}`;

const ownerOf = (box: string, name: string): string =>
  name || (floor.value.queues.some((q) => q.number === box) ? queueName(box) : agentName(box));

/** The voice messages of the box, newest first; none of it without mailboxes. */
export function Voicemail() {
  const w = t.value;
  const page = useSignal<Page | null>(null);
  const box = useSignal("");
  const { error, run } = useAction();
  const find = () => run(async () => void (page.value = await get<Page>(`/api/voicemail?${new URLSearchParams({ box: box.value })}`)));
  const going = calls.value.filter((c) => c.stage.startsWith("voicemail")).map((c) => c.id).join();
  useEffect(() => void find(), [going, box.value]);
  const boxes = page.value?.boxes ?? [];
  if (boxes.length === 0) return null;
  return (
    <Card id="voicemail" title={w.voicemail} class="records">
      <div class="find">
        <button class="quiet" aria-pressed={!box.value} onClick={() => (box.value = "")}>{box.value ? w.allMailboxes : <strong>{w.allMailboxes}</strong>}</button>
        {boxes.map((b) => (
          <button key={b.number} class="quiet" aria-pressed={box.value === b.number} onClick={() => (box.value = b.number)} data-testid={`mailbox-${b.number}`} data-new={b.new}>
            {box.value === b.number ? <strong><bdi>{ownerOf(b.number, b.name)}</bdi></strong> : <bdi>{ownerOf(b.number, b.name)}</bdi>} <span class="tag">{b.new > 0 ? w.newMessages(count(b.new)) : count(b.old)}</span>
          </button>
        ))}
      </div>
      <Fault error={error.value} />
      {page.value?.messages.length === 0 && <Empty>{w.voicemailEmpty}</Empty>}
      <ul class="recordings">{page.value?.messages.map((m) => <Row key={m.box + m.id} message={m} owner={ownerOf(m.box, boxes.find((b) => b.number === m.box)?.name ?? "")} changed={find} />)}</ul>
    </Card>
  );
}

function Row({ message: m, owner, changed }: { message: Message; owner: string; changed: () => void }) {
  const w = t.value;
  const open = useSignal(false);
  const sure = useSignal(false);
  const { busy, error, run } = useAction();
  const ask = (what: string, body?: object) => void run(async () => {
    await post(`${at(m)}/${what}`, body);
    changed();
  });
  const remove = () => {
    if (sure.value) return ask("delete");
    sure.value = true;
    setTimeout(() => (sure.value = false), 4000);
  };
  return (
    <li class="recording" data-testid="message" data-message={m.id} data-box={m.box} data-heard={m.heard}>
      <div class="recording-head">
        <span>{moment(m.left, now.value)}</span>
        <Who party={m.from} />
        <span>{w.messageFor} <bdi>{owner}</bdi></span>
        <span class="ticks">{duration(m.length)}</span>
        {!m.heard && <span class="tag" data-testid="message-new">{w.messageNew}</span>}
        {m.by && <span class="tag">{w.passedOnBy} <bdi>{digits(m.by)}</bdi></span>}
        <button class="quiet" onClick={() => (open.value = !open.value)} data-testid="message-play">{open.value ? w.close : w.play}</button>
        <a class="save" href={`${at(m)}/sound.wav?save`}>{w.save}</a>
        <button class="quiet" disabled={busy.value} onClick={() => ask("heard", { heard: !m.heard })} data-testid="message-mark">{m.heard ? w.markNew : w.markHeard}</button>
        <button class={`quiet ${sure.value ? "danger" : ""}`} disabled={busy.value} onClick={remove} data-testid="message-delete">{sure.value ? w.reallyDelete : w.deleteIt}</button>
        <button class="quiet" onClick={() => (explained.value = { id: m.call, from: m.from, started: m.left })} aria-label={w.explainCall(named(m.from))}>{w.explain}</button>
      </div>
      <Fault error={error.value} />
      {open.value && <audio controls preload="metadata" src={`${at(m)}/sound.wav`} data-testid="message-sound" aria-label={w.messageOf(named(m.from))} />}
    </li>
  );
}
