// What each phone must be told, to be printed and handed out. Passwords are shown this once.
import type { SetupCard, SetupView } from "../api";
import { digits } from "../language";
import { words } from "./step";

export function Sheets({ cards, view, done }: { cards: SetupCard[]; view: SetupView; done: () => void }) {
  const w = words();
  const row = (name: string, value: string, id?: string) => <div key={name}><dt>{name}</dt><dd dir="ltr" data-testid={id}>{value}</dd></div>;
  return (
    <div class="sheets" data-testid="sheets">
      <p class="shown" role="status">{w.once}</p>
      <div class="buttons no-print">
        <button type="button" class="main soft" onClick={() => print()} data-testid="sheets-print">{w.print}</button>
        <button type="button" class="main" onClick={done} data-testid="sheets-done">{w.next}</button>
      </div>
      <ul class="sheet-list">
        {cards.map((c) => (
          <li key={c.number} class="sheet" data-testid={`sheet-${c.number}`}>
            <h3><bdi>{digits(c.number)}</bdi> <bdi>{c.name}</bdi></h3>
            <dl>
              {row(w.server, location.hostname)}
              {row(w.port, `${view.sip_port} (UDP, TCP), ${view.sips_port} (TLS)`)}
              {row(w.user, c.number)}
              {row(w.secret, c.secret, `sheet-${c.number}-secret`)}
              {row(w.domain, view.domain)}
            </dl>
          </li>
        ))}
      </ul>
    </div>
  );
}
