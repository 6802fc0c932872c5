// Those in line who will be called back, and a form to put somebody there.
import { useSignal } from "@preact/signals";
import type { CallBack, Held } from "./api";
import { post } from "./client";
import { count, digits, moment, t } from "./language";
import { Fault, useAction } from "./parts";
import { now } from "./store";

/** How far a callback has come. */
export const HeldState = ({ held: h }: { held: Held }) => (
  <span class="row-sub" data-testid="held" data-state={h.state}>
    {h.state === "later" ? t.value.heldLater(moment(h.due, now.value)) : t.value.heldState[h.state]}
    {h.tries > 0 && <> · {t.value.heldTries(count(h.tries))}</>}
  </span>
);

/** What can be done about one: call now, or forget it. */
export function HeldActs({ id, held: h }: { id: string; held: Held }) {
  const { busy, error, run } = useAction();
  const act = (what: string) => () => void run(() => post(`/api/callbacks/${encodeURIComponent(id)}`, { do: what }));
  return (
    <>
      {h.state === "later" && <button class="quiet" disabled={busy.value} onClick={act("now")} data-testid="held-now">{t.value.callNow}</button>}
      <button class="quiet" disabled={busy.value} onClick={act("withdraw")} data-testid="held-withdraw">{t.value.withdraw}</button>
      <Fault error={error.value} />
    </>
  );
}

/** Puts a number in line. */
export function CallBackForm({ queue }: { queue: string }) {
  const { busy, error, run } = useAction();
  const number = useSignal("");
  const ask = (e: Event) => {
    e.preventDefault();
    const body: CallBack = { number: number.value };
    void run(async () => {
      await post(`/api/queues/${encodeURIComponent(queue)}/callbacks`, body);
      number.value = "";
    });
  };
  return (
    <form class="find" onSubmit={ask} data-testid={`call-back-${queue}`}>
      <input dir="ltr" inputMode="tel" value={digits(number.value)} placeholder={t.value.callBackNumber} aria-label={t.value.callBackNumber} data-testid={`call-back-number-${queue}`}
        onInput={(e) => (number.value = e.currentTarget.value)} />
      <button class="quiet" disabled={busy.value || !number.value} data-testid={`call-back-go-${queue}`}>{t.value.callBack}</button>
      <Fault error={error.value} />
    </form>
  );
}
