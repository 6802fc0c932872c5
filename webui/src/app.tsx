// Which page is shown is decided by who the box says we are.
import { Gate } from "./gate";
import { aside, digits, t } from "./language";
import { Mark, Tongue } from "./mark";
import { words } from "./words";
import { Later } from "./shell/later";
import { Shell } from "./shell/shell";
import { askWho, connection, me, signOut, unreachable, place } from "./store";

/** The board on a wall has no frame around it, and may show itself by a key without a session. */
const onWall = (): boolean => /^#\/?wall\b/.test(place.value);

export function App() {
  const who = me.value;
  if (onWall()) return <Later load={async () => (await import("./wall/wall")).WallBoard} give={{}} />;
  if (!who) return unreachable.value ? <Unreachable /> : <main class="gate" aria-busy="true" />;
  if (!who.user) return <Gate claimed={who.claimed} box={who.box} />;
  return (
    <>
      <Top box={who.box} user={who.user} />
      <Shell who={who} />
      <footer class="foot">{t.value.product} · {t.value.version(/^v?[\d.]+$/.test(who.version) ? digits(who.version) : aside(who.version))}</footer>
    </>
  );
}

const Top = ({ box, user }: { box: string; user: string }) => (
  <header class="top">
    <Mark />
    {box !== words.en.product && <span class="top-box"><bdi>{box}</bdi></span>}
    <span class="top-end">
      <span class={`pulse ${connection.value}`} data-testid="connection">{connection.value === "live" ? t.value.live : t.value.connecting}</span>
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
