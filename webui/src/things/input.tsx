// One field of a thing: its label, its input, what it may be, and what is wrong with it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Field, Named } from "../api";
import { ascii, aside, digits, language } from "../language";
import { thingWords } from "../words/things";
import { told } from "./known";
import { secondsOf } from "./tree";

export interface InputProps {
  field: Field;
  value: unknown;
  names: Named[];
  wrong: string[];
  set: (value: unknown) => void;
}

const masked = "[secret]";
/** The test id and the id of a field's input. */
export const idOf = (path: string): string => `field-${path.replaceAll(".", "-")}`;

export function Input(p: InputProps) {
  const { field: f, wrong } = p;
  const w = thingWords[language.value];
  const id = idOf(f.path);
  const help = [told(f.help), told(f.unit) && f.type !== "yes-no" ? `(${told(f.unit)})` : "", f.type === "list" ? w.separate : "", f.type === "list" && f.choices.length > 0 ? f.choices.map((c) => c.value).join(", ") : "",
    f.type === "number" && f.max > 0 ? w.range(digits(String(f.min)), digits(String(f.max))) : "", f.zero ? w.orZero : "",
    f.default && f.type === "number" ? w.usual(digits(f.default)) : "", f.example ? w.example(aside(f.example)) : ""].filter(Boolean).join(" · ");
  const about = { "aria-describedby": [`${id}-help`, wrong.length > 0 ? `${id}-wrong` : ""].join(" ").trim(), "aria-invalid": wrong.length > 0 || undefined };
  const rest = (
    <>
      <p class="hint" id={`${id}-help`}>{help}</p>
      {wrong.length > 0 && <p class="fault" id={`${id}-wrong`} data-testid={`${id}-wrong`}>{wrong.join(" ")}</p>}
    </>
  );
  if (f.type === "yes-no") {
    return (
      <div class="field">
        <label class="tick"><input id={id} data-testid={id} type="checkbox" checked={Boolean(p.value)} {...about} onChange={(e) => p.set(e.currentTarget.checked)} /> {told(f.label)}</label>
        {rest}
      </div>
    );
  }
  if (f.type === "map") return <fieldset class="field"><legend>{told(f.label)}{f.required && " *"}</legend><Pairs {...p} id={id} about={about} />{rest}</fieldset>;
  return <div class="field"><label for={id}>{told(f.label)}{f.required && " *"}</label><One {...p} id={id} about={about} />{rest}</div>;
}

type Part = InputProps & { id: string; about: object };

function One(p: Part): ComponentChildren {
  const { field: f, value, set, id, about } = p;
  const common = { id, "data-testid": id, ...about, autocomplete: "off", spellcheck: false, dir: (f.code || f.type === "list" || f.type === "secret" ? "ltr" : "auto") as "ltr" };
  switch (f.type) {
    case "choice":
      return (
        <select {...common} dir={undefined} value={String(value ?? f.default ?? "")} onChange={(e) => set(e.currentTarget.value || undefined)}>
          {f.choices.map((c) => <option key={c.value} value={c.value}>{told(c.label)}</option>)}
        </select>
      );
    case "duration": return <Length {...p} />;
    case "secret": return <Secret {...p} />;
    case "long-text": return <textarea {...common} rows={4} value={String(value ?? "")} onInput={(e) => set(e.currentTarget.value || undefined)} />;
    case "number":
      return <input {...common} inputMode="numeric" value={digits(String(value ?? ""))} placeholder={digits(f.default ?? "")} onInput={(e) => set(whole(e.currentTarget.value))} />;
    case "list":
      return (
        <input {...common} defaultValue={Array.isArray(value) ? value.join(", ") : String(value ?? "")} placeholder={f.default}
          onInput={(e) => { const l = ascii(e.currentTarget.value).split(/[,،\s]+/).filter(Boolean); set(l.length > 0 ? l : undefined); }} />
      );
  }
  return (
    <>
      <input {...common} list={p.names.length > 0 ? `${id}-names` : undefined} value={String(value ?? "")} placeholder={f.default} onInput={(e) => set((f.code ? ascii(e.currentTarget.value) : e.currentTarget.value) || undefined)} />
      <Names id={id} names={p.names} />
    </>
  );
}

const Names = ({ id, names }: { id: string; names: Named[] }) =>
  names.length === 0 ? null : <datalist id={`${id}-names`}>{names.map((n) => <option key={n.id} value={n.id}>{n.name}</option>)}</datalist>;

/** A whole number as a number; anything else as it was written, for the box to refuse. */
const whole = (text: string): unknown => {
  const plain = ascii(text).trim();
  return plain === "" ? undefined : /^-?\d{1,9}$/.test(plain) ? Number(plain) : plain;
};

const units = [3600, 60, 1] as const;

function Length({ field: f, value, set, id, about }: Part) {
  const w = thingWords[language.value];
  const seconds = secondsOf(String(value ?? f.default ?? ""));
  const unit = useSignal<number>(units.find((u) => seconds >= u && seconds % u === 0) ?? 1);
  const text = useSignal<string | null>(null);
  const write = (shown: string, u: number) => {
    const n = Number(ascii(shown).trim());
    set(shown.trim() === "" ? undefined : Number.isFinite(n) ? `${n * u}s` : shown);
  };
  const shown = text.value ?? (value === undefined ? "" : String(seconds / unit.value));
  const name = { 3600: w.hours, 60: w.minutes, 1: w.seconds };
  return (
    <span class="length">
      <input id={id} data-testid={id} {...about} autocomplete="off" inputMode="decimal" dir="ltr" value={digits(shown)} placeholder={digits(f.default ? String(secondsOf(f.default) / unit.value) : "")}
        onInput={(e) => { text.value = ascii(e.currentTarget.value); write(text.value, unit.value); }} />
      <select aria-label={`${told(f.label)}: ${name[unit.value as 1]}`} value={String(unit.value)} onChange={(e) => { unit.value = Number(e.currentTarget.value); write(shown, unit.value); }}>
        {units.map((u) => <option key={u} value={u}>{name[u]}</option>)}
      </select>
    </span>
  );
}

function Secret({ field: f, value, set, id, about }: Part) {
  const w = thingWords[language.value];
  const pin = f.path.toLowerCase().includes("pin");
  const make = () => {
    const raw = crypto.getRandomValues(new Uint8Array(pin ? 6 : 16));
    set([...raw].map((b) => (pin ? String(b % 10) : "abcdefghijkmnpqrstuvwxyz23456789"[b % 32])).join(""));
  };
  return (
    <span class="length">
      <input id={id} data-testid={id} {...about} type="text" class="secret" dir="ltr" autocomplete="off" spellcheck={false} value={value === masked ? "" : String(value ?? "")} placeholder={value === masked ? `•••••• (${w.kept})` : ""}
        inputMode={pin ? "numeric" : "text"} onInput={(e) => set((pin ? ascii(e.currentTarget.value) : e.currentTarget.value) || undefined)} />
      <button type="button" class="quiet" onClick={make} data-testid={`${id}-make`}>{w.generate}</button>
      {value !== undefined && <button type="button" class="quiet" onClick={() => set(undefined)} data-testid={`${id}-clear`}>{w.clear}</button>}
    </span>
  );
}

function Pairs({ field: f, value, set, names, id, about }: Part) {
  const w = thingWords[language.value];
  const rows = useSignal<[string, string][]>(Object.entries((value ?? {}) as { [key: string]: unknown }).map(([k, v]) => [k, String(v)]));
  const put = (next: [string, string][]) => {
    rows.value = next;
    const full = next.filter(([k, v]) => k || v);
    set(full.length > 0 ? Object.fromEntries(full) : undefined);
  };
  const meaning = f.refers ? w.value : w.means;
  return (
    <div class="pairs" {...about} role="group" aria-label={told(f.label)}>
      {rows.value.map(([k, v], i) => (
        <div class="key-value" key={i}>
          <input aria-label={`${told(f.label)} ${i + 1}: ${w.key}`} dir="ltr" autocomplete="off" value={k} data-testid={`${id}-key-${i}`} onInput={(e) => put(rows.value.map((r, j) => (j === i ? [ascii(e.currentTarget.value), r[1]] : r)))} />
          <span aria-hidden="true">→</span>
          <input aria-label={`${told(f.label)} ${i + 1}: ${meaning}`} dir={f.refers ? "ltr" : "auto"} autocomplete="off" list={names.length > 0 ? `${id}-names` : undefined} value={v} data-testid={`${id}-value-${i}`}
            onInput={(e) => put(rows.value.map((r, j) => (j === i ? [r[0], f.refers ? ascii(e.currentTarget.value) : e.currentTarget.value] : r)))} />
          <button type="button" class="quiet" aria-label={`${w.takeOut}: ${k}`} onClick={() => put(rows.value.filter((_, j) => j !== i))}>×</button>
        </div>
      ))}
      <button type="button" class="quiet" id={id} data-testid={`${id}-add`} onClick={() => (rows.value = [...rows.value, ["", ""]])}>{w.addRow}</button>
      <Names id={id} names={names} />
    </div>
  );
}
