// Who is told of problems.
import { useSignal } from "@preact/signals";
import type { CareSettings, Outcome } from "../api";
import { post } from "../client";
import { Field } from "../field";
import { ascii, language } from "../language";
import { Card, Fault, useAction } from "../parts";
import { careWords } from "../words/care";
import { Choice, Form, text } from "./form";
import { Told } from "./mail";
import type { Edits } from "./place";

const fields = ["to", "language", "webhook", "webhook_key", "least", "after", "again"];

export function Alerts({ settings, take }: Edits) {
  const w = careWords[language.value];
  const a = settings.alerts;
  const { busy, error, run } = useAction();
  const told = useSignal<Outcome | null>(null);
  const save = async (form: FormData) => {
    const body = {
      ...Object.fromEntries(fields.map((f) => [f, text(form, f)])),
      to: text(form, "to").split(/[\s,،;]+/).filter(Boolean), after: ascii(text(form, "after")), again: ascii(text(form, "again")),
    };
    take(await post<CareSettings>("/api/care/alerts", body));
  };
  const test = () => run(async () => {
    told.value = null;
    told.value = await post<Outcome>("/api/care/alerts/test");
  });
  return (
    <Card id="care-alerts" title={w.alerts} class="care">
      <p class="row-sub">{w.alertsLead}</p>
      <div class="settings">
        <Form id="alerts" fields={fields} save={save}>
          {(wrong) => (
            <div class="grid">
              <Field label={w.to} hint={w.toHint} name="to" id="alerts-to" value={a.to.join(", ")} autocomplete="off" required={false} ltr error={wrong} />
              <Choice label={w.language} name="language" id="alerts-language" value={a.language} words={w.languages} />
              <Choice label={w.least} name="least" id="alerts-least" value={a.least} words={w.leasts} />
              <Field label={w.after} name="after" id="alerts-after" value={a.after} autocomplete="off" ltr error={wrong} />
              <Field label={w.again} name="again" id="alerts-again" value={a.again} autocomplete="off" ltr error={wrong} />
              <Field label={w.webhook} hint={w.webhookHint} name="webhook" id="alerts-webhook" value={a.webhook} autocomplete="off" required={false} ltr error={wrong} />
              <Field label={w.webhookKey} name="webhook_key" id="alerts-webhook-key" type="password" value={a.webhook_key} autocomplete="off" required={false} ltr error={wrong} />
            </div>
          )}
        </Form>
        <Fault error={error.value} id="alerts-test-fault" />
        <Told outcome={told.value} id="alerts-tested" />
        <button class="quiet" disabled={busy.value} onClick={() => void test()} data-testid="alerts-test">{w.test}</button>
      </div>
    </Card>
  );
}
