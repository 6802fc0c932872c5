// The frame of every place: where one is, where one can go, and whether the box answers.
import { useEffect, useRef } from "preact/hooks";
import type { Me } from "../api";
import { exactly, language, t } from "../language";
import { type Place, places } from "../places/places";
import { connection, place, seen, watch } from "../store";
import { Explanation } from "../story";
import { Later } from "./later";
import { Moved } from "./moved";
import { OnTrial } from "./trial";
import { Navigation } from "./navigation";
import { shellWords } from "../words/shell";

/** What an address names: "#/settings/queues/700?x=y" is settings, queues and 700. */
const parts = (hash: string): string[] =>
  (hash.replace(/^#\/?/, "").split("?")[0] ?? "").split("/").filter(Boolean).map((p) => {
    try { return decodeURIComponent(p); } catch { return p; }
  });

export function Shell({ who }: { who: Me }) {
  useEffect(watch, []);
  useEffect(() => { // a new box begins with its set-up
    if (who.setup && parts(place.value).length === 0) location.hash = "#/setup";
  }, []);
  const [id = "overview", ...path] = parts(place.value);
  const open = places.filter((p) => p.rights?.some((r) => who.rights.includes(r)) ?? true);
  const here = open.find((p) => p.id === id) ?? open[0]!;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => { // a reader is told of the new place, and begins at its top
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [here.id]);
  const lost = connection.value === "lost";
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>{shellWords[language.value].skip}</a>
      <Navigation places={open.filter((p) => !p.apart)} here={here.id} />
      <main ref={main} tabIndex={-1} id="main" class={`room ${lost ? "stale" : ""}`} data-testid="board" data-connection={connection.value} data-place={here.id}>
        {lost && <p class="banner" role="alert" data-testid="connection-lost">{t.value.lost(exactly(seen.value))}</p>}
        <OnTrial />
        {who.appliance && <Moved />}
        {here.id !== "overview" && <h1 class="room-name">{shellWords[language.value].places[here.id]}</h1>}
        <Shown key={here.id} place={here} path={path} who={who} />
        <Explanation />
      </main>
    </div>
  );
}

function Shown({ place, path, who }: { place: Place; path: string[]; who: Me }) {
  const View = place.view;
  return View ? <View path={path} who={who} /> : <Later load={place.load!} give={{ path, who }} />;
}
