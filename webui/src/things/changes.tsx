// What is different between two states of the settings, in words.
import type { Change } from "../api";
import { digits, language } from "../language";
import { settingsWords } from "../words/settings";
import { thingWords } from "../words/things";
import { kindOf, told } from "./known";

export function Changes({ list }: { list: Change[] }) {
  const w = thingWords[language.value];
  if (list.length === 0) return <p class="hint" data-testid="changes-none">{w.same}</p>;
  return (
    <ul class="changes" data-testid="changes">
      {list.map((c) => {
        const k = kindOf(c.kind);
        return (
          <li key={`${c.kind} ${c.id} ${c.path ?? c.what}`}>
            <strong>{k ? told(k.name) : settingsWords[language.value].pages[c.kind] ?? c.kind} <bdi>{digits(c.id)}</bdi>{c.name && c.name !== c.id && <> <bdi>{c.name}</bdi></>}</strong>{" "}
            {c.path === undefined ? w.whats[c.what] : (
              <>
                {told(c.label) || <bdi class="tag">{c.path}</bdi>}: <del><bdi>{c.old || w.empty}</bdi></del> <span aria-hidden="true">{language.value === "fa" ? "←" : "→"}</span> <ins><bdi>{c.new || w.empty}</bdi></ins>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
