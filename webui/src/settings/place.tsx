// The settings: a list of pages, and the page that the address names.
import { useEffect } from "preact/hooks";
import { language } from "../language";
import { Fault, useAction } from "../parts";
import { Later } from "../shell/later";
import { me } from "../store";
import { kinds, learn, told } from "../things/known";
import { ThingPage } from "../things/page";
import { settingsWords } from "../words/settings";
import { pages } from "./pages";

/** In which order they are listed: pages with a form of their own, and kinds of things. */
const order: { id: string; of: string[] }[] = [
  { id: "people", of: ["extensions", "conferences", "voicemail", "listening"] },
  { id: "ways", of: ["lines", "trunks", "routes"] },
  { id: "answering", of: ["menus", "queues", "hours", "switches", "music", "parking", "services", "features"] },
  { id: "box", of: ["appliance", "system", "recording", "sip", "media", "tones", "webhooks"] },
  { id: "safe", of: ["history", "audit", "file"] },
];

export function SettingsPlace({ path }: { path: string[] }) {
  const w = settingsWords[language.value];
  const { error, run } = useAction();
  useEffect(() => void run(learn), []);
  const [id = "", ...rest] = path;
  const here = pages.filter((p) => !p.appliance || me.value?.appliance);
  const page = here.find((p) => p.id === id);
  const kind = kinds.value.find((k) => k.id === id);
  const name = (of: string): string => {
    const k = kinds.value.find((k) => k.id === of);
    return here.some((p) => p.id === of) ? w.pages[of]! : k ? told(k.names) : "";
  };
  return (
    <div class="stack settled">
      <nav class={`card contents ${id ? "chosen" : ""}`} aria-label={w.title}>
        {order.map((group) => (
          <details key={group.id} open>
            <summary>{w.groups[group.id]}</summary>
            <ul>
              {group.of.filter(name).map((of) => (
                <li key={of}><a href={`#/settings/${of}`} aria-current={of === id ? "page" : undefined} data-testid={`settings-${of}`}>{name(of)}</a></li>
              ))}
            </ul>
          </details>
        ))}
      </nav>
      <div class="stack">
        <Fault error={error.value} />
        {page ? <Later key={page.id} load={page.load} give={{ path: rest }} /> : kind ? <ThingPage kind={kind} path={rest} /> : <Lead />}
      </div>
    </div>
  );
}

const Lead = () => {
  const w = settingsWords[language.value];
  return <><p class="lead">{w.lead}</p>{me.value?.rights.includes("settings") && <p><a href="#/setup" data-testid="settings-setup">{w.setup}</a></p>}</>;
};
