// Which page is shown is decided by who the box says we are.
import { Board } from "./board";
import { Gate } from "./gate";
import { aside, digits, t } from "./language";
import { Mark, Tongue } from "./mark";
import { words } from "./words";
import { useEffect } from "preact/hooks";
import { Reports } from "./reports/place";
import { askWho, me, place, signOut, unreachable, watch } from "./store";

/** Reports carry what is asked for in their address. */
const reporting = (): boolean => /^#\/?reports\b/.test(place.value);

export function App() {
  const who = me.value;
  if (!who) return unreachable.value ? <Unreachable /> : <main class="gate" aria-busy="true" />;
  if (!who.user) return <Gate claimed={who.claimed} box={who.box} />;
  return (
    <>
      <Top box={who.box} user={who.user} />
      {reporting() ? <Figures /> : <Board demo={who.demo} />}
      <footer class="foot">{t.value.product} · {t.value.version(/^v?[\d.]+$/.test(who.version) ? digits(who.version) : aside(who.version))}</footer>
    </>
  );
}

/** The reports, which know of new calls as the board does. */
function Figures() {
  useEffect(watch, []);
  return <Reports />;
}

const Top = ({ box, user }: { box: string; user: string }) => (
  <header class="top">
    <Mark />
    {box !== words.en.product && <span class="top-box"><bdi>{box}</bdi></span>}
    <span class="top-end">
      <a class="quiet on-dark" href={reporting() ? "#" : "#reports"} data-testid="place">{reporting() ? t.value.board : t.value.reports}</a>
      <Tongue />
      <button class="quiet on-dark" onClick={signOut} data-testid="signout" title={user}>{t.value.signOut}</button>
    </span>
  </header>
);

const Unreachable = () => (
  <main class="gate">
    <div class="gate-card">
      <p role="alert">{t.value.unreachable}</p>
      <button class="main" onClick={askWho}>{t.value.tryAgain}</button>
    </div>
  </main>
);
