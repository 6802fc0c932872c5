// All things of a kind: found by words, sorted, each leading to its form.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Kind, Things } from "../api";
import { get } from "../client";
import { digits, language } from "../language";
import { Fault, useAction } from "../parts";
import { thingWords } from "../words/things";
import { told } from "./known";
import { folded, read, secondsOf, type Tree } from "./tree";

/** So many fields are columns. */
const wide = 4;

export function List({ kind }: { kind: Kind }) {
  const w = thingWords[language.value];
  const things = useSignal<Things["things"] | null>(null);
  const words = useSignal("");
  const by = useSignal({ path: kind.key, down: false });
  const { error, run } = useAction();
  useEffect(() => void run(async () => (things.value = (await get<Things>(`/api/things/${kind.id}`)).things)), []);
  const columns = kind.fields.filter((f) => !f.advanced && f.type !== "secret" && f.type !== "map" && f.type !== "yes-no").slice(0, wide);
  const text = (value: unknown, path: string): string => {
    const v = read(value as Tree, path);
    const f = columns.find((c) => c.path === path);
    const shown = v ?? f?.default ?? "";
    if (f?.type === "duration" && shown) return `${digits(String(secondsOf(String(shown))))} ${w.seconds}`;
    return told(f?.choices.find((c) => c.value === shown)?.label ?? { en: "", fa: "" }) || (Array.isArray(shown) ? shown.join(", ") : String(shown));
  };
  const sought = folded(words.value);
  const fits = (things.value ?? []).filter((t) => columns.some((c) => folded(text(t.value, c.path)).includes(sought)));
  const order = new Intl.Collator(language.value, { numeric: true });
  fits.sort((a, b) => order.compare(text(a.value, by.value.path), text(b.value, by.value.path)) * (by.value.down ? -1 : 1));
  return (
    <section class="card thing">
      <div class="thing-head">
        <h2>{told(kind.names)}</h2>
        <a class="quiet" href={`#/settings/${kind.id}/+`} data-testid="thing-new">{w.new(told(kind.name))}</a>
      </div>
      <p class="hint">{told(kind.help)}</p>
      <div class="field"><label for="things-find">{w.find}</label><input id="things-find" type="search" data-testid="things-find" value={words.value} onInput={(e) => (words.value = e.currentTarget.value)} /></div>
      <Fault error={error.value} id="things-fault" />
      {things.value && fits.length === 0 && <p class="empty">{things.value.length > 0 ? w.nothing : w.none}</p>}
      {fits.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={told(kind.names)}>
          <table>
            <thead>
              <tr>
                {columns.map((c) => (
                  <th key={c.path} scope="col" aria-sort={by.value.path === c.path ? (by.value.down ? "descending" : "ascending") : "none"}>
                    <button type="button" class="quiet" onClick={() => (by.value = { path: c.path, down: by.value.path === c.path && !by.value.down })}>{told(c.label)}</button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fits.map((t) => (
                <tr key={t.id} data-testid="thing-row" data-id={t.id}>
                  {columns.map((c, i) => {
                    const shown = text(t.value, c.path);
                    const cell = c.code ? <bdi dir="ltr">{digits(shown)}</bdi> : <bdi>{shown}</bdi>;
                    return <td key={c.path}>{i === 0 ? <a href={`#/settings/${kind.id}/${encodeURIComponent(t.id)}`} data-testid={`thing-${t.id}`}>{cell}</a> : cell}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
