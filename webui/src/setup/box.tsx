// What the box is called, speaks, and where its clock stands.
import { useSignal } from "@preact/signals";
import type { Kind, SetupBox, SetupView } from "../api";
import { post } from "../client";
import { language, speak } from "../language";
import type { Language } from "../words";
import { Input } from "../things/input";
import { kindOf } from "../things/known";
import { type StepProps, StepForm, useStep } from "./step";

const fields = ["language", "name", "time_zone", "country"] as const;

/** What this device says of itself, where nobody has told the box. */
function guess(box: SetupBox, taken: boolean): SetupBox {
  if (taken) return box;
  return { ...box, language: language.value, name: box.name === "Pasokh" ? "" : box.name, time_zone: box.time_zone === "UTC" ? Intl.DateTimeFormat().resolvedOptions().timeZone : box.time_zone };
}

export function BoxStep({ view, took }: StepProps) {
  const step = useStep();
  const draft = useSignal(guess(view.box, view.steps[0]?.standing === "done"));
  const zones = "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone").map((id) => ({ id })) : [];
  const system = kindOf("system") as Kind;
  const set = (name: (typeof fields)[number], value: unknown) => {
    draft.value = { ...draft.value, [name]: String(value ?? "") };
    if (name === "language") speak(value as Language);
  };
  return (
    <StepForm step={step} fields={[...fields]} save={async () => took(await post<SetupView>("/api/setup/box", draft.value))}>
      <div class="fields">
        {fields.map((name) => (
          <Input key={name} field={system.fields.find((f) => f.path === name)!} value={draft.value[name]} names={name === "time_zone" ? zones : []} wrong={step.at(name)} set={(v) => set(name, v)} />
        ))}
      </div>
    </StepForm>
  );
}
