// The box's clock.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TimeState } from "../api";
import { get, post } from "../client";
import { Field } from "../field";
import { calendarOf, count, language } from "../language";
import { Card, Fault, Lamp, useAction } from "../parts";
import { now } from "../store";
import { careWords } from "../words/care";
import { Form, text } from "./form";

export function Clock() {
  const w = careWords[language.value];
  const state = useSignal<TimeState | null>(null);
  const { error, run } = useAction();
  useEffect(() => void run(async () => (state.value = await get<TimeState>("/api/care/time"))), []);
  const s = state.value;
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <Card id="care-clock" title={w.time} class="care">
      <Fault error={error.value} />
      {s && (
        <>
          <div class="row">
            <Lamp mood={s.synced ? "ready" : "call"} />
            <div class="row-main">
              <span class="row-name ticks" data-testid="clock-now">{calendarOf(s.zone).day(now.value)} {calendarOf(s.zone).hour(now.value)}</span>
              <span class="row-sub" data-testid="clock-synced" data-synced={s.synced}>{s.synced ? w.synced(count(s.error_ms)) : w.unsynced}</span>
            </div>
          </div>
          <div class="settings">
            <Form id="zone" fields={["zone"]} save={async (form) => (state.value = await post<TimeState>("/api/care/time", { zone: text(form, "zone") }))}>
              {(wrong) => <Field label={w.zone} hint={w.zoneHint} name="zone" id="zone-name" list={zones} value={s.zone} autocomplete="off" ltr error={wrong} />}
            </Form>
          </div>
        </>
      )}
    </Card>
  );
}
