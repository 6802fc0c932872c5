// One labelled input of a form.
import { Refused } from "./client";
import { ascii } from "./language";

interface FieldProps {
  label: string; name: string; id: string; autocomplete: string;
  type?: "text" | "password"; value?: string; hint?: string; ltr?: boolean; mode?: "tel" | "numeric"; max?: number; required?: boolean;
  /** What the browser offers while somebody types. */
  list?: string[];
  /** The name is that of the whole path of what is wrong: "places[0].path". */
  whole?: boolean;
  /** What the box said of the form; shown here if it is about this field. */
  error?: unknown;
}

/** A labelled input. */
export const Field = ({ label, name, id, autocomplete, type = "text", value = "", hint, ltr, mode, max, required = true, list, whole, error }: FieldProps) => {
  const wrong = (whole ? error instanceof Refused && error.field === name : isAbout(error, name)) ? (error as Refused).message : "";
  const told = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} data-testid={id} name={name} type={type as "text"} defaultValue={value} autocomplete={autocomplete} required={required}
        dir={ltr ? "ltr" : "auto"} inputMode={mode} maxLength={max} aria-describedby={told || undefined} aria-invalid={wrong ? true : undefined}
        autocapitalize="none" spellcheck={false} list={list && `${id}-list`} />
      {list && <datalist id={`${id}-list`}>{list.map((v) => <option key={v} value={v} />)}</datalist>}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {wrong && <p class="fault" role="alert" id={`${id}-wrong`} data-testid={`${id}-wrong`}>{wrong}</p>}
    </div>
  );
};

/** Whether a refusal is about a field, or about one of the values in it: "hz[1]". */
export const isAbout = (error: unknown, ...names: string[]): boolean =>
  error instanceof Refused && names.includes(error.field.replace(/\[.*/, ""));

/** The whole numbers that a person wrote in a field, in any digits, apart by what is no digit. Refused if there is something else. */
export function numbers(form: FormData, name: string, refusal: string): number[] {
  const words = ascii(String(form.get(name) ?? "")).replace("−", "-").split(/[\s,،;+]+/).filter(Boolean);
  if (words.some((x) => !/^-?\d{1,8}$/.test(x))) throw new Refused(422, "no-number", refusal, name);
  return words.map(Number);
}

/** The one whole number in a field. */
export function number(form: FormData, name: string, refusal: string): number {
  const [n, ...more] = numbers(form, name, refusal);
  if (n === undefined || more.length > 0) throw new Refused(422, "no-number", refusal, name);
  return n;
}
