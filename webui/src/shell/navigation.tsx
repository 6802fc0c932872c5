// The ways to the places: a bar at the side of a desk's screen, at the foot of a phone's.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count, language } from "../language";
import type { Place } from "../places/places";
import { health } from "../store";
import { shellWords } from "../words/shell";

/** So many places fit on a phone beside the way to all of them. */
const bar = 4;

export function Navigation({ places, here }: { places: Place[]; here: string }) {
  const open = useSignal(false);
  const w = shellWords[language.value];
  const more = useRef<HTMLButtonElement>(null);
  useEffect(() => void (open.value = false), [here]);
  const keys = (e: KeyboardEvent) => {
    if (e.key !== "Escape" || !open.value) return;
    open.value = false;
    more.current?.focus();
  };
  return (
    <nav class={`nav ${open.value ? "open" : ""}`} aria-label={w.navigation} data-testid="nav" onKeyDown={keys}>
      <ul>
        {places.map((p, i) => (
          <li key={p.id} class={i < bar ? "" : "beyond"}>
            <a href={`#/${p.id}`} aria-current={p.id === here ? "page" : undefined} data-testid={`nav-${p.id}`} onClick={() => (open.value = false)}>
              <Icon path={p.icon} />
              <span>{w.places[p.id]}</span>
              {p.id === "overview" && health.value.length > 0 && <b class="badge" title={w.troubles(count(health.value.length))}>{count(health.value.length)}</b>}
            </a>
          </li>
        ))}
      </ul>
      <button ref={more} class="nav-more" aria-expanded={open.value} onClick={() => (open.value = !open.value)} data-testid="nav-more">
        <Icon path={open.value ? "M6 6l12 12M18 6L6 18" : "M4 6h16M4 12h16M4 18h16"} />
        <span>{open.value ? w.close : w.more}</span>
      </button>
    </nav>
  );
}

const Icon = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={path} /></svg>
);
