// Those in line who will be called back, and a form to put somebody there.
import { type Signal, useSignal } from "@preact/signals";
import type { CallBack, CallbackDo, Held, QueueSlots, Slot } from "./api";
import { get, post } from "./client";
import { count, digits, hourOf, language, moment, t } from "./language";
import { Fault, useAction } from "./parts";
import { now } from "./store";
import { callbackWords } from "./words/callbacks";

/** How far a callback has come. */
export const HeldState = ({ held: h }: { held: Held }) => (
  <span class="row-sub" data-testid="held" data-state={h.state}>
    {h.state !== "later" ? t.value.heldState[h.state] : h.booked ? callbackWords[language.value].booked(moment(h.due, now.value)) : t.value.heldLater(moment(h.due, now.value))}
    {h.tries > 0 && <> · {t.value.heldTries(count(h.tries))}</>}
  </span>
);

/** The times of a queue, which are asked for when somebody is about to choose. */
function useTimes(queue: string) {
  const slots = useSignal<Slot[] | null>(null);
  const look = () => void get<QueueSlots>(`/api/queues/${encodeURIComponent(queue)}/slots`).then((q) => (slots.value = q.slots), () => (slots.value = []));
  return { slots, look };
}

/** The choices of a time. */
function Times({ slots }: { slots: Signal<Slot[] | null> }) {
  const w = callbackWords[language.value];
  return (
    <>
      {slots.value?.length === 0 && <option disabled>{w.noTimes}</option>}
      {slots.value?.map((s) => (
        <option key={s.from} value={s.from} disabled={s.free === 0}>
          {w.slot(moment(s.from, now.value), hourOf(Date.parse(s.until)))}{s.free === 0 && ` (${w.full})`}
        </option>
      ))}
    </>
  );
}

/** What can be done about one: call now, at another time, or forget it. */
export function HeldActs({ id, queue, held: h }: { id: string; queue: string; held: Held }) {
  const { busy, error, run } = useAction();
  const { slots, look } = useTimes(queue);
  const w = callbackWords[language.value];
  const send = (body: CallbackDo) => void run(() => post(`/api/callbacks/${encodeURIComponent(id)}`, body));
  const act = (what: string) => () => send({ do: what });
  return (
    <span class="held-acts">
      {(h.state === "waiting" || h.state === "later") && (
        <select value="" disabled={busy.value} aria-label={w.otherTime} onFocus={look} data-testid="held-book"
          onChange={(e) => { if (e.currentTarget.value) send({ do: "book", at: e.currentTarget.value }); e.currentTarget.value = ""; }}>
          <option value="">{w.otherTime}</option>
          <Times slots={slots} />
        </select>
      )}
      {h.state === "later" && <button class="quiet" disabled={busy.value} onClick={act("now")} data-testid="held-now">{t.value.callNow}</button>}
      <button class="quiet" disabled={busy.value} onClick={act("withdraw")} data-testid="held-withdraw">{t.value.withdraw}</button>
      <Fault error={error.value} />
    </span>
  );
}

/** Puts a number in line. */
export function CallBackForm({ queue }: { queue: string }) {
  const { busy, error, run } = useAction();
  const number = useSignal(""), at = useSignal("");
  const { slots, look } = useTimes(queue);
  const w = callbackWords[language.value];
  const ask = (e: Event) => {
    e.preventDefault();
    const body: CallBack = { number: number.value };
    if (at.value) body.at = at.value;
    void run(async () => {
      await post(`/api/queues/${encodeURIComponent(queue)}/callbacks`, body);
      number.value = at.value = "";
    });
  };
  return (
    <form class="find" onSubmit={ask} data-testid={`call-back-${queue}`}>
      <input dir="ltr" inputMode="tel" value={digits(number.value)} placeholder={t.value.callBackNumber} aria-label={t.value.callBackNumber} data-testid={`call-back-number-${queue}`}
        onInput={(e) => (number.value = e.currentTarget.value)} />
      <select value={at.value} aria-label={w.when} onFocus={look} onChange={(e) => (at.value = e.currentTarget.value)} data-testid={`call-back-at-${queue}`}>
        <option value="">{w.turn}</option>
        <Times slots={slots} />
      </select>
      <button class="quiet" disabled={busy.value || !number.value} data-testid={`call-back-go-${queue}`}>{t.value.callBack}</button>
      <Fault error={error.value} />
    </form>
  );
}
