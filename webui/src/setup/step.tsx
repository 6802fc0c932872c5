// What all steps of the set-up share: a form that is saved as one change, and what the box
// refused of it, at its fields.
import type { ComponentChildren } from "preact";
import { useComputed, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { SetupView, Wrong } from "../api";
import { post, Refused } from "../client";
import { language } from "../language";
import { Fault, useAction } from "../parts";
import { setupWords } from "../words/setup";

export interface StepProps {
  view: SetupView;
  /** The step was taken, and so it stands now. */
  took: (view: SetupView) => void;
}

/** The words of the set-up. */
export const words = () => setupWords[language.value];

/** Takes a step, and keeps what was wrong with it. */
export function useStep() {
  const wrong = useSignal<Wrong["fields"]>([]);
  const form = useRef<HTMLFormElement>(null);
  const { busy, error, run } = useAction();
  const take = (work: () => Promise<void>): Promise<void> => run(async () => {
    wrong.value = [];
    try {
      await work();
    } catch (e) {
      const fields = e instanceof Refused ? (e.body as Partial<Wrong> | null)?.fields : undefined;
      if (!fields) throw e;
      wrong.value = fields;
      setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    }
  });
  /** What is wrong with a field, or with something in it. */
  const at = (path: string): string[] => wrong.value.filter((x) => x.path === path || x.path.startsWith(`${path}[`) || x.path.startsWith(`${path}.`)).map((x) => x.message);
  return { busy, error, wrong, form, take, at };
}

interface FormProps {
  step: ReturnType<typeof useStep>;
  /** Paths of the fields that show by themselves what is wrong with them. */
  fields: string[];
  save: () => Promise<void>;
  children: ComponentChildren;
  label?: string;
}

/** The form of a step. */
export function StepForm({ step, fields, save, children, label }: FormProps) {
  const w = words();
  const elsewhere = useComputed(() => step.wrong.value.filter((x) => !fields.some((f) => x.path === f || x.path.startsWith(`${f}[`) || x.path.startsWith(`${f}.`))));
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    void step.take(save);
  };
  return (
    <form ref={step.form} onSubmit={submit} noValidate data-testid="setup-form">
      {children}
      {elsewhere.value.length > 0 && <p class="fault" role="alert" data-testid="setup-wrong">{elsewhere.value.map((x) => x.message).join(" ")}</p>}
      <Fault error={step.error.value} id="setup-fault" />
      <div class="buttons"><button class="main" type="submit" disabled={step.busy.value} data-testid="setup-save">{label ?? w.save}</button></div>
    </form>
  );
}

interface TextProps { id: string; label: string; value: string; set: (value: string) => void; hint?: string; wrong?: string[]; ltr?: boolean; mode?: "numeric" | "tel" }

/** A line of text of a step. */
export const Text = ({ id, label, value, set, hint, wrong = [], ltr = true, mode }: TextProps) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input id={id} data-testid={id} value={value} dir={ltr ? "ltr" : "auto"} inputMode={mode} autocomplete="off" spellcheck={false} onInput={(e) => set(e.currentTarget.value)}
      aria-invalid={wrong.length > 0 || undefined} aria-describedby={[hint && `${id}-hint`, wrong.length > 0 && `${id}-wrong`].filter(Boolean).join(" ") || undefined} />
    {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    <Wrongs id={id} wrong={wrong} />
  </div>
);

export const Wrongs = ({ id, wrong }: { id: string; wrong: string[] }) =>
  wrong.length > 0 ? <p class="fault" role="alert" id={`${id}-wrong`} data-testid={`${id}-wrong`}>{wrong.join(" ")}</p> : null;

interface Option { id: string; label: string; hint?: string; more?: ComponentChildren }

/** One of a few, each with what it means. */
export const Options = ({ name, label, list, value, set }: { name: string; label: string; list: Option[]; value: string; set: (id: string) => void }) => (
  <fieldset class="options">
    <legend>{label}</legend>
    {list.map((o) => (
      <div key={o.id} class={`option ${o.id === value ? "chosen" : ""}`}>
        <label>
          <input type="radio" name={name} value={o.id} checked={o.id === value} onChange={() => set(o.id)} data-testid={`${name}-${o.id}`} />
          <span><strong>{o.label}</strong>{o.hint && <span class="hint"> {o.hint}</span>}</span>
        </label>
        {o.more}
      </div>
    ))}
  </fieldset>
);

/** Tells the box of a step without an answer. */
export const move = (body: { skip?: string; done?: string; at?: string; end?: boolean }): Promise<SetupView> => post<SetupView>("/api/setup", body);
