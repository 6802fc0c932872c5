// The settings: a list of pages, and the page that the address names.
import { language } from "../language";
import { Later } from "../shell/later";
import { pages } from "./pages";
import { settingsWords } from "../words/settings";

export function SettingsPlace({ path }: { path: string[] }) {
  const page = pages.find((p) => p.id === path[0]);
  return (
    <div class="stack settled">
      <nav class="card contents" aria-label={settingsWords[language.value].title}>
        <ul>
          {pages.map((p) => (
            <li key={p.id}>
              <a href={`#/settings/${p.id}`} aria-current={p === page ? "page" : undefined} data-testid={`settings-${p.id}`}>{settingsWords[language.value].pages[p.id]}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="stack">
        {page ? <Later key={page.id} load={page.load} give={{ path: path.slice(1) }} /> : <p class="lead">{settingsWords[language.value].lead}</p>}
      </div>
    </div>
  );
}
