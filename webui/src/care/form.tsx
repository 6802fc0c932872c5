// What the forms of this place share.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { count, language } from "../language";
import { careWords } from "../words/care";
import { Fault, useAction } from "../parts";
import { isAbout } from "../field";

/** Bytes as people read them. */
export function bytes(n: number): string {
  const w = careWords[language.value];
  let unit = 0;
  for (; n >= 1000 && unit < w.units.length - 1; unit++) n /= 1000;
  return w.bytes(count(n < 10 && unit > 0 ? Math.round(n * 10) / 10 : Math.round(n)), w.units[unit]!);
}

interface FormProps {
  id: string;
  /** Names of the fields that show what is wrong with them. */
  fields: string[];
  save: (form: FormData) => Promise<unknown>;
  children: (error: unknown) => ComponentChildren;
  /** What the button says, when it does not save. */
  label?: string;
}

/** A form that is saved as a whole, says so, and tells what was refused. */
export function Form({ id, fields, save, children, label }: FormProps) {
  const { busy, error, run } = useAction();
  const saved = useSignal(false);
  const w = careWords[language.value];
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    saved.value = false;
    void run(async () => {
      await save(form);
      saved.value = true;
    });
  };
  return (
    <form onSubmit={submit} onInput={() => (saved.value = false)} data-testid={id}>
      {children(error.value)}
      {!isAbout(error.value, ...fields) && <Fault error={error.value} id={`${id}-fault`} />}
      <span class="buttons">
        <button class="main soft" disabled={busy.value} data-testid={`${id}-save`}>{label ?? w.save}</button>
        {saved.value && <span role="status" class="hint" data-testid={`${id}-saved`}>{w.saved}</span>}
      </span>
    </form>
  );
}

/** A choice of a form. */
export const Choice = ({ label, name, id, value, words, onChange }: { label: string; name: string; id: string; value: string; words: { [key: string]: string }; onChange?: (value: string) => void }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <select id={id} name={name} data-testid={id} onChange={(e) => onChange?.(e.currentTarget.value)}>
      {Object.entries(words).map(([key, word]) => <option key={key} value={key} selected={key === value}>{word}</option>)}
    </select>
  </div>
);

export const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();
