// One labelled input of a form.

interface FieldProps {
  label: string; name: string; id: string; autocomplete: string;
  type?: "text" | "password"; value?: string; hint?: string; ltr?: boolean; mode?: "tel"; max?: number; required?: boolean;
}

/** A labelled input. */
export const Field = ({ label, name, id, autocomplete, type = "text", value = "", hint, ltr, mode, max, required = true }: FieldProps) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input id={id} data-testid={id} name={name} type={type as "text"} defaultValue={value} autocomplete={autocomplete} required={required}
      dir={ltr ? "ltr" : "auto"} inputMode={mode} maxLength={max} aria-describedby={hint ? `${id}-hint` : undefined}
      autocapitalize="none" spellcheck={false} />
    {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
  </div>
);
