// SIP messages as a ladder: the other end at the start, the box at the end, time going down.
import type { SIPMessage } from "./api";
import { agentName } from "./calls";
import { digits, t } from "./language";
import { phones, trunks } from "./store";

/** Who has an address: a phone, a trunk, or the address itself. */
function nameOf(peer: string): string {
  const phone = phones.value.find((p) => p.source === peer);
  if (phone) return phone.name || agentName(phone.extension);
  return trunks.value.find((k) => k.server === peer)?.name ?? peer;
}

/** What a message is about: the method, or the status with its reason. */
function titleOf(text: string): string {
  const first = text.slice(0, text.indexOf("\n")).trim();
  return first.startsWith("SIP/2.0 ") ? first.slice(8) : first.slice(0, first.indexOf(" "));
}

function mood(title: string): string {
  const status = Number.parseInt(title, 10);
  if (Number.isNaN(status)) return "ask";
  return status < 200 ? "call" : status < 300 ? "talk" : status === 401 || status === 407 ? "rest" : "bad";
}

export const Ladder = ({ messages }: { messages: SIPMessage[] }) => {
  const start = Date.parse(messages[0]?.at ?? "");
  return <ol class="ladder">{messages.map((m, i) => <Rung key={i} message={m} after={Date.parse(m.at) - start} />)}</ol>;
};

function Rung({ message: m, after }: { message: SIPMessage; after: number }) {
  const w = t.value;
  const title = titleOf(m.text);
  const name = nameOf(m.peer);
  return (
    <li>
      <details class={`rung ${m.in ? "in" : "out"} ${mood(title)}`} data-testid="sip-message">
        <summary>
          <time class="ticks" dir="ltr">{digits((after / 1000).toFixed(3))}</time>
          <bdi class="rung-peer" title={`${m.network} ${m.peer}`}>{name}</bdi>
          <span class="rung-line"><span class="hidden">{m.in ? w.sipIn(name) : w.sipOut(name)} </span><bdi dir="ltr">{title}</bdi></span>
          <span class="rung-box">{w.sipBox}</span>
        </summary>
        <pre dir="ltr" tabIndex={0} aria-label={title}>{m.text.replaceAll("\r\n", "\n")}</pre>
      </details>
    </li>
  );
}
