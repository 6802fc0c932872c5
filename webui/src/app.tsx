// Which page is shown is decided by who the box says we are.
import { aside, digits, language, speak, t } from "./language";
import { Board } from "./board";
import { Gate } from "./gate";
import { words } from "./words";
import { askWho, me, signOut, unreachable } from "./store";

export function App() {
  const who = me.value;
  if (!who) return unreachable.value ? <Unreachable /> : <main class="gate" aria-busy="true" />;
  if (!who.user) return <Gate claimed={who.claimed} box={who.box} />;
  return (
    <>
      <Top box={who.box} user={who.user} />
      <Board demo={who.demo} />
      <footer class="foot">{t.value.product} · {t.value.version(/^v?[\d.]+$/.test(who.version) ? digits(who.version) : aside(who.version))}</footer>
    </>
  );
}

const Top = ({ box, user }: { box: string; user: string }) => (
  <header class="top">
    <Mark />
    {box !== words.en.product && <span class="top-box"><bdi>{box}</bdi></span>}
    <span class="top-end">
      <Tongue />
      <button class="quiet on-dark" onClick={signOut} data-testid="signout" title={user}>{t.value.signOut}</button>
    </span>
  </header>
);

/** The mark: an eight-pointed star with a lamp in it. */
export const Mark = () => (
  <span class="mark">
    <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
      <g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">
        <rect x="7.5" y="7.5" width="17" height="17" />
        <rect x="7.5" y="7.5" width="17" height="17" transform="rotate(45 16 16)" />
      </g>
      <circle cx="16" cy="16" r="3.6" class="mark-lamp" />
    </svg>
    {t.value.product}
  </span>
);

/** Switches to the other language, named in that language. */
export function Tongue() {
  const other = language.value === "fa" ? "en" : "fa";
  return (
    <button class="quiet on-dark" lang={other} data-testid={`lang-${other}`} onClick={() => speak(other)}>
      {t.value.otherLanguage}
    </button>
  );
}

const Unreachable = () => (
  <main class="gate">
    <div class="gate-card">
      <p role="alert">{t.value.unreachable}</p>
      <button class="main" onClick={askWho}>{t.value.tryAgain}</button>
    </div>
  </main>
);
