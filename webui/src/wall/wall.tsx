// The board on a wall: big numbers of each queue, colours and a sound when somebody waits too long.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { WallQueue } from "../api";
import { aside, count, digits, duration, exactly, hourOf, language, percent, speak } from "../language";
import { Tongue } from "../mark";
import { wallWords } from "../words/wall";
import { clock, follow, heard, key, refused, stale, today, useKey, wall } from "./feed";

/** Two limits each, from the address: wait=60,120 seconds, waiting=3,6 callers, level=80,60 percent. */
type Limits = { wait: [number, number]; waiting: [number, number]; level: [number, number] };

function asked(): { queues: string; limits: Limits } {
  const q = new URLSearchParams(location.hash.split("?")[1] ?? "");
  const two = (name: string, usual: [number, number]): [number, number] => {
    const [a, b] = (q.get(name) ?? "").split(",").map(Number);
    return a && b ? [a, b] : usual;
  };
  const lang = q.get("lang");
  if ((lang === "fa" || lang === "en") && lang !== language.value) speak(lang);
  return { queues: q.get("queues") ?? "", limits: { wait: two("wait", [60, 120]), waiting: two("waiting", [3, 6]), level: two("level", [80, 60]) } };
}

type Mood = "fine" | "warn" | "bad";
const above = (n: number, [warn, bad]: [number, number]): Mood => (n >= bad ? "bad" : n >= warn ? "warn" : "fine");
const below = (n: number, [warn, bad]: [number, number]): Mood => (n < bad ? "bad" : n < warn ? "warn" : "fine");

/** Two short tones. */
function chime(context: AudioContext): void {
  for (const [i, hz] of [880, 660].entries()) {
    const [tone, gain] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hz;
    gain.gain.setValueAtTime(0.25, context.currentTime + i * 0.25);
    gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + i * 0.25 + 0.24);
    tone.connect(gain).connect(context.destination);
    tone.start(context.currentTime + i * 0.25);
    tone.stop(context.currentTime + i * 0.25 + 0.25);
  }
}

export function WallBoard() {
  const w = wallWords[language.value];
  const { queues, limits } = asked();
  const sound = useRef<AudioContext | null>(null);
  const loud = useSignal(false);
  const alarmed = useRef("");
  useEffect(() => follow(queues), [queues, key.value]);
  const shown = wall.value;
  // The box's clock goes on between two answers.
  const now = shown ? Date.parse(shown.now) + (stale() ? 0 : clock.value - heard.value) : clock.value;
  const waits = (q: WallQueue) => (q.since ? Math.max(0, now - Date.parse(q.since)) : 0);
  const mood = (q: WallQueue): Mood => [above(waits(q) / 1000, limits.wait), above(q.waiting, limits.waiting)].sort((a, b) => order[b] - order[a])[0]!;
  const bad = shown?.queues.filter((q) => mood(q) === "bad").map((q) => q.number).join() ?? "";
  useEffect(() => {
    if (bad && bad !== alarmed.current && sound.current && loud.value) chime(sound.current);
    alarmed.current = bad;
  }, [bad]);
  const toggle = () => {
    sound.current ??= new AudioContext();
    void sound.current.resume();
    loud.value = !loud.value;
    if (loud.value) chime(sound.current);
  };
  if (refused.value) return <AskKey />;
  return (
    <main class={`wall ${stale() ? "stale" : ""}`} data-testid="wall" data-stale={stale()} data-queues={shown?.queues.length ?? 0}>
      <header class="wall-head">
        <h1><bdi>{shown?.box ?? ""}</bdi></h1>
        {stale() && <p class="wall-stale" role="alert" data-testid="wall-stale">{w.stale(aside(exactly(heard.value)))}</p>}
        <span class="wall-tools">
          <button type="button" class="quiet on-dark" aria-pressed={loud.value} onClick={toggle} data-testid="wall-sound">{loud.value ? w.soundOn : w.sound}</button>
          <button type="button" class="quiet on-dark" onClick={() => void document.documentElement.requestFullscreen?.()}>{w.full}</button>
          {key.value && <button type="button" class="quiet on-dark" onClick={() => useKey("")} data-testid="wall-forget">{w.forget}</button>}
          <Tongue />
        </span>
        <span class="wall-clock">{hourOf(now)}</span>
      </header>
      {!shown ? <p class="wall-empty">{w.connecting}</p> : shown.queues.length === 0 ? <p class="wall-empty">{w.noQueues}</p> : (
        <div class={`wall-queues of-${Math.min(6, shown.queues.length)}`}>{shown.queues.map((q) => <Queue key={q.number} queue={q} waits={waits(q)} mood={mood(q)} level={limits.level} />)}</div>
      )}
    </main>
  );
}

const order: { [mood in Mood]: number } = { fine: 0, warn: 1, bad: 2 };

function Queue({ queue: q, waits, mood, level }: { queue: WallQueue; waits: number; mood: Mood; level: [number, number] }) {
  const w = wallWords[language.value];
  const t = today.value[q.number];
  const few = (name: string, n: number, id: string) => <div><dt>{name}</dt><dd data-testid={`wall-${id}`}>{count(n)}</dd></div>;
  return (
    <section class={`wall-queue ${mood}`} data-testid={`wall-queue-${q.number}`} data-mood={mood} aria-label={q.name || q.number}>
      <h2><bdi>{q.name || digits(q.number)}</bdi></h2>
      <dl class="wall-big">
        <div><dt>{w.waiting}</dt><dd data-testid="wall-waiting">{count(q.waiting)}</dd></div>
        <div><dt>{w.longest}</dt><dd data-testid="wall-longest">{q.waiting ? duration(waits) : "–"}</dd></div>
      </dl>
      <dl class="wall-agents">
        {few(w.free, q.free, "free")}{few(w.talking, q.talking, "talking")}{few(w.busy, q.busy, "busy")}{few(w.paused, q.paused, "paused")}{few(w.away, q.away, "away")}
      </dl>
      <dl class="wall-today">
        <div class={t?.level === undefined ? "" : below(t.level * 100, level)}><dt>{w.level}</dt><dd data-testid="wall-level">{t?.level === undefined ? "–" : percent(t.level)}</dd></div>
        <div><dt>{w.answered}</dt><dd data-testid="wall-answered">{t ? count(t.answered) : "–"}</dd></div>
        <div><dt>{w.abandoned}</dt><dd data-testid="wall-abandoned">{t ? count(t.abandoned) : "–"}</dd></div>
      </dl>
    </section>
  );
}

/** A TV has no session: it is given a token once, which its owner can take back. */
function AskKey() {
  const w = wallWords[language.value];
  const text = useSignal("");
  return (
    <main class="gate" data-testid="wall-key-form">
      <form class="gate-card" onSubmit={(e) => { e.preventDefault(); refused.value = false; useKey(text.value); }}>
        <h1>{w.keyTitle}</h1>
        <p class="lead">{w.keyLead}</p>
        {key.value && <p class="fault" role="alert">{w.keyWrong}</p>}
        <div class="field"><label for="wall-key">{w.key}</label><input id="wall-key" data-testid="wall-key" type="password" autocomplete="off" dir="ltr" maxLength={256} value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} /></div>
        <button class="main" data-testid="wall-use">{w.useKey}</button>
        <Tongue />
      </form>
    </main>
  );
}
