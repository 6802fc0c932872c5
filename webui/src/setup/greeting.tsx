// What callers hear first: a sentence of the box's, or one's own in its place.
import { useSignal } from "@preact/signals";
import type { SetupGreet, SetupView } from "../api";
import { post, upload } from "../client";
import { digits } from "../language";
import { kinds } from "../things/known";
import { Options, type StepProps, StepForm, useStep, words } from "./step";

export function GreetingStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const id = (prompts: string[]) => prompts.join(",");
  const chosen = useSignal(id((view.greetings.find((g) => g.chosen) ?? view.greetings[0]!).prompts));
  const heard = useSignal(0); // changes with each sound of one's own
  const it = view.greetings.find((g) => id(g.prompts) === chosen.value) ?? view.greetings[0]!;
  const code = kinds.value.find((k) => k.id === "features")?.fields.find((f) => f.path === "prompts")?.default ?? "*77";
  const choose = (e: Event) => void step.take(async () => {
    const input = e.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    await upload(`/api/sounds?${new URLSearchParams({ name: file.name.slice(0, 64), prompt: it.unit })}`, file, () => undefined);
    heard.value++;
  });
  return (
    <StepForm step={step} fields={[]} save={async () => took(await post<SetupView>("/api/setup/greeting", { prompts: chosen.value.split(",") } satisfies SetupGreet))}>
      <Options name="greeting" label={w.greeting} value={chosen.value} set={(v) => (chosen.value = v)} list={view.greetings.map((g) => ({
        id: id(g.prompts), label: g.text,
        more: <audio controls preload="none" aria-label={g.text} src={`/api/setup/greeting.wav?prompts=${id(g.prompts)}&n=${heard.value}`} />,
      }))} />
      <details>
        <summary data-testid="greeting-own">{w.ownGreeting}</summary>
        <p>{w.ownByPhone(`${code}${it.number}`)}</p>
        <div class="field">
          <label for="greeting-file">{w.ownByFile}</label>
          <input id="greeting-file" type="file" accept=".wav,.mp3,audio/wav,audio/mpeg" onChange={choose} data-testid="greeting-file" />
        </div>
        {heard.value > 0 && <p role="status" data-testid="greeting-kept">{w.ownKept(digits(it.number))}</p>}
      </details>
    </StepForm>
  );
}
