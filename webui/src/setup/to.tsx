// Who is reached behind the greeting.
import { useSignal } from "@preact/signals";
import type { SetupTo, SetupView } from "../api";
import { post } from "../client";
import { digits } from "../language";
import { Options, type StepProps, StepForm, useStep, words, Wrongs } from "./step";

const keys = ["1", "2", "3", "4", "5"];

export function ToStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const kind = useSignal(view.to.kind || "all");
  const led = useSignal<{ [key: string]: string }>(view.to.keys ?? Object.fromEntries(view.extensions.slice(0, 2).map((e, i) => [keys[i]!, e.number])));
  const body = (): SetupTo => (kind.value === "menu" ? { kind: "menu", keys: led.value } : { kind: kind.value });
  return (
    <StepForm step={step} fields={["keys"]} save={async () => took(await post<SetupView>("/api/setup/to", body()))}>
      <Options name="to" label={w.to} value={kind.value} set={(id) => (kind.value = id)} list={["all", "queue", "menu"].map((id) => ({ id, label: w.tos[id]!, hint: w.toHints[id]! }))} />
      {kind.value === "menu" && (
        <div class="fields">
          {keys.map((key) => {
            const wrong = step.at(`keys.${key}`);
            const id = `to-key-${key}`;
            return (
              <div class="field" key={key}>
                <label for={id}>{w.key(digits(key))}</label>
                <select id={id} data-testid={id} value={led.value[key] ?? ""} aria-invalid={wrong.length > 0 || undefined} onChange={(e) => (led.value = { ...led.value, [key]: e.currentTarget.value })}>
                  <option value="">{w.noKey}</option>
                  {view.extensions.map((e) => <option key={e.number} value={e.number}>{digits(e.number)} {e.name}</option>)}
                </select>
                <Wrongs id={id} wrong={wrong} />
              </div>
            );
          })}
        </div>
      )}
    </StepForm>
  );
}
