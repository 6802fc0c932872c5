// The mail server.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CareSettings, MailState, Outcome } from "../api";
import { get, post } from "../client";
import { Field } from "../field";
import { count, language } from "../language";
import { Card, Fault, useAction } from "../parts";
import { careWords } from "../words/care";
import { Choice, Form, text } from "./form";
import type { Edits } from "./place";

const fields = ["server", "security", "user", "password", "from"];

export function Mail({ settings, take }: Edits) {
  const w = careWords[language.value];
  const m = settings.mail;
  const state = useSignal<MailState | null>(null);
  useEffect(() => void get<MailState>("/api/care/mail").then((s) => (state.value = s), () => undefined), [settings]);
  const save = async (form: FormData) =>
    take(await post<CareSettings>("/api/care/mail", Object.fromEntries(fields.map((f) => [f, text(form, f)]))));
  return (
    <Card id="care-mail" title={w.mail} class="care">
      <p class="row-sub">{w.mailLead}</p>
      <div class="settings">
        <Form id="mail" fields={fields} save={save}>
          {(error) => (
            <div class="grid">
              <Field label={w.server} name="server" id="mail-server" value={m.server} autocomplete="off" required={false} ltr error={error} />
              <Choice label={w.security} name="security" id="mail-security" value={m.security} words={w.securities} />
              <Field label={w.user} name="user" id="mail-user" value={m.user} autocomplete="off" required={false} ltr error={error} />
              <Field label={w.password} name="password" id="mail-password" type="password" value={m.password} autocomplete="off" required={false} ltr error={error} />
              <Field label={w.from} name="from" id="mail-from" value={m.from} autocomplete="off" required={false} ltr error={error} />
            </div>
          )}
        </Form>
        {m.server && <Try />}
        {state.value && state.value.waiting > 0 && <p class="hint">{w.waiting(count(state.value.waiting))}</p>}
        {state.value?.fault && <p class="fault" dir="auto">{state.value.fault}</p>}
      </div>
    </Card>
  );
}

/** Sends a letter with what is saved. */
function Try() {
  const w = careWords[language.value];
  const { busy, error, run } = useAction();
  const told = useSignal<Outcome | null>(null);
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    told.value = null;
    void run(async () => (told.value = await post<Outcome>("/api/care/mail/test", { to: text(form, "to") })));
  };
  return (
    <form onSubmit={submit}>
      <div class="grid"><Field label={w.testTo} name="to" id="mail-test-to" autocomplete="email" ltr error={error.value} /></div>
      <Fault error={error.value} />
      <Told outcome={told.value} id="mail-tested" />
      <button class="quiet" disabled={busy.value} data-testid="mail-test">{w.test}</button>
    </form>
  );
}

/** How a test went. */
export function Told({ outcome, id }: { outcome: Outcome | null; id: string }) {
  const w = careWords[language.value];
  if (!outcome) return null;
  return <p role="status" class={outcome.ok ? "hint" : "fault"} data-testid={id} dir="auto">{outcome.ok ? w.tested : w.failed(outcome.detail ?? "")}</p>;
}
