// Who did what with the box, and who tried.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Audit as Told } from "../api";
import { get } from "../client";
import { count, digits, language, moment } from "../language";
import { Fault, useAction } from "../parts";
import { now } from "../store";
import { auditWords } from "../words/audit";

export function Audit() {
  const w = auditWords[language.value];
  const list = useSignal<Told["entries"]>([]);
  const more = useSignal(true);
  const { busy, error, run } = useAction();
  const load = () => void run(async () => {
    const last = list.value.at(-1);
    const { entries } = await get<Told>(`/api/audit${last ? `?before=${encodeURIComponent(last.at)}` : ""}`);
    list.value = [...list.value, ...entries];
    more.value = entries.length >= 100;
  });
  useEffect(load, []);
  /** The words of what a request did, or the request itself. */
  const what = (text: string): string => {
    const [method = "", path = ""] = text.split(" ");
    return path ? `${w.did[method] ?? method} ${decodeURI(path).replace(/^\/api\//, "").replaceAll("/", " › ")}` : w.did[text] ?? text;
  };
  return (
    <section class="card thing">
      <h2>{w.title}</h2>
      <p class="hint">{w.lead}</p>
      <Fault error={error.value} id="audit-fault" />
      <div class="scroll" tabIndex={0} role="region" aria-label={w.title}>
        <table>
          <thead><tr><th scope="col">{w.when}</th><th scope="col">{w.who}</th><th scope="col">{w.from}</th><th scope="col">{w.what}</th><th scope="col">{w.result}</th></tr></thead>
          <tbody>
            {list.value.map((e, i) => (
              <tr key={`${e.at} ${i}`} data-testid="audit-row">
                <td>{moment(e.at, now.value)}</td>
                <td><bdi>{e.user}</bdi></td>
                <td><bdi dir="ltr">{digits(e.from ?? "")}</bdi></td>
                <td><bdi>{what(e.what)}</bdi></td>
                <td class={e.code ? "bad-word" : ""}>{e.code ? w.refused(digits(e.code)) : w.done}{e.left ? ` ${w.left(count(e.left))}` : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more.value && <button class="quiet" disabled={busy.value} onClick={load} data-testid="audit-more">{w.older}</button>}
    </section>
  );
}
