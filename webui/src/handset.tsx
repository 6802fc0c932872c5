// What one can do on a simulated telephone: press keys, and speak.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { SimKeys, SimTone } from "./api";
import { ascii, digits, t } from "./language";

/** The pitch of a simulated voice. */
const voice: SimTone["hz"] = 440;

interface HandsetProps {
  id: string;
  press: (keys: SimKeys["digits"]) => void;
  talk: (hz: SimTone["hz"]) => void;
}

export function Handset({ id, press, talk }: HandsetProps) {
  const pressed = useSignal("");
  const speaks = useSignal(false);
  const w = t.value;
  const send = (keys: string) => {
    pressed.value = (pressed.value + keys).slice(-24);
    press(keys);
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement;
    const keys = ascii(String(new FormData(form).get("keys"))).replace(/[^0-9*#]/g, "");
    form.reset();
    if (keys) send(keys);
  };
  const speak = (on: boolean) => {
    speaks.value = on;
    talk(on ? voice : 0);
  };
  // Who hangs up falls silent.
  const hush = useRef(() => {});
  hush.current = () => speaks.value && talk(0);
  useEffect(() => () => hush.current(), []);
  return (
    <>
      <p class="pressed" aria-live="polite">{pressed.value && <>{w.pressed("")}<bdi dir="ltr" class="num">{digits(pressed.value)}</bdi></>}</p>
      <div class="keys" role="group" aria-label={w.keypad} dir="ltr">
        {[..."123456789*0#"].map((k) => (
          <button key={k} type="button" aria-label={w.key(digits(k))} data-testid={`${id}-key-${k}`} onClick={() => send(k)}>{digits(k)}</button>
        ))}
      </div>
      <form class="dial" onSubmit={submit}>
        <input name="keys" inputMode="tel" maxLength={32} dir="ltr" autocomplete="off" aria-label={w.sendKeys} placeholder={w.sendKeys} data-testid={`${id}-digits`} />
        <button class="quiet" type="submit" data-testid={`${id}-send`}>{w.send}</button>
      </form>
      <button class={`main soft ${speaks.value ? "speaking" : ""}`} aria-pressed={speaks.value} data-testid={`${id}-speak`} onClick={() => speak(!speaks.value)}>
        {speaks.value ? w.hush : w.speak}
      </button>
    </>
  );
}
