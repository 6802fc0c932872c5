// Which calls are looked for. It stands in the address, so that a search can be kept as a bookmark.
import { computed, signal } from "@preact/signals";
import { ascii, language } from "../language";
import { recordWords } from "../words/records";

export const words = computed(() => recordWords[language.value]);

const names = ["q", "from", "to", "direction", "queue", "agent", "result", "cause", "least", "most", "recorded"] as const;
export type Name = (typeof names)[number];
/** Texts as the address has them: days are 2026-11-22, least and most are minutes. */
export type Asked = { [name in Name]: string };

function read(): Asked {
  const q = new URLSearchParams(location.hash.split("?")[1] ?? "");
  return Object.fromEntries(names.map((n) => [n, (q.get(n) ?? "").slice(0, 64)])) as Asked;
}

export const asked = signal<Asked>(read());
addEventListener("hashchange", () => (asked.value = read()));

/** Looks for something else, and writes it into the address. */
export function ask(change: Partial<Asked>): void {
  const next = { ...asked.value, ...change };
  const q = new URLSearchParams(Object.entries(next).filter(([, v]) => v));
  const place = location.hash.split("?")[0] || "#/calls";
  history.replaceState(null, "", q.size > 0 ? `${place}?${q}` : place);
  asked.value = next;
}

export const clear = (): void => ask(Object.fromEntries(names.map((n) => [n, ""])));

/** The same for the box. */
export function query(a: Asked): URLSearchParams {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(a)) {
    if (!value) continue;
    const seconds = name === "least" || name === "most" ? Math.round(Number(ascii(value).replace("٫", ".")) * 60) : null;
    if (seconds === null) q.set(name, name === "q" ? value.trim() : ascii(value));
    else if (seconds > 0) q.set(name, String(seconds));
  }
  return q;
}
