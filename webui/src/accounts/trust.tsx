// How a device learns to trust the box, for whoever has not signed in yet.
import { language } from "../language";
import { trustWords } from "../words/trust";

/** The system that this browser runs on, to open its steps first. */
const mine = (): string => {
  const agent = navigator.userAgent;
  for (const [part, name] of [["Firefox/", "Firefox"], ["iPhone", "iPhone"], ["iPad", "iPhone"], ["Android", "Android"], ["Windows", "Windows"], ["Macintosh", "macOS"]] as const) if (agent.includes(part)) return name;
  return "Linux";
};

export function Trust() {
  const w = trustWords[language.value];
  return (
    <article class="trust" data-testid="trust">
      <h1>{w.title}</h1>
      <p class="lead">{w.lead} {w.compare}</p>
      <p><a href="/api/trust/pasokh.crt" download data-testid="trust-crt">{w.crt}</a></p>
      <p><a href="/api/trust/pasokh.mobileconfig" download data-testid="trust-profile">{w.profile}</a></p>
      {w.systems.map(([name, steps]) => (
        <details key={name} open={name.startsWith(mine())}>
          <summary><bdi>{name}</bdi></summary>
          <ol>{steps.map((s) => <li key={s} dir="auto">{s}</li>)}</ol>
        </details>
      ))}
      <p><a href="#/">{w.back}</a></p>
    </article>
  );
}

/** Leads to the guide. */
export const TrustLink = () => <p class="hint"><a href="#/trust" data-testid="trust-link">{trustWords[language.value].link}</a></p>;
