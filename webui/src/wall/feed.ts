// What the board on the wall knows: asked for every two seconds, so that a lost box is seen within five, for days on end.
import { signal } from "@preact/signals";
import type { Report, Wall } from "../api";

const every = 2_000; // between two questions
const patience = 2_000; // for an answer
const old = 4_200; // after which what is shown is called stale
const figuresEvery = 20_000;
const remembered = "pasokh-wall-key";

export interface Today { level: number | undefined; abandoned: number; answered: number; offered: number }

export const wall = signal<Wall | null>(null);
export const today = signal<{ [queue: string]: Today }>({});
/** The box wants to know who asks: no session, and no key or a wrong one. */
export const refused = signal(false);
/** When the last answer came, by this device's clock; 0 before the first. */
export const heard = signal(0);
/** This device's clock; it ticks twice a second. */
export const clock = signal(Date.now());
export const stale = (): boolean => heard.value > 0 && clock.value - heard.value > old;

export const key = signal(localStorage.getItem(remembered) ?? "");
export function useKey(text: string): void {
  key.value = text.trim();
  if (key.value) localStorage.setItem(remembered, key.value);
  else localStorage.removeItem(remembered);
}

async function ask<T>(path: string): Promise<T> {
  const headers: { [name: string]: string } = key.value ? { Authorization: `Bearer ${key.value}` } : {};
  const answer = await fetch(path, { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience) });
  if (answer.status === 401 || answer.status === 403) refused.value = true;
  if (!answer.ok) throw new Error(String(answer.status));
  refused.value = false;
  return (await answer.json()) as T;
}

/** Keeps the board right until the returned function is called. */
export function follow(queues: string): () => void {
  let over = false;
  let next: ReturnType<typeof setTimeout>;
  let counted = 0;
  const count = async (shown: Wall) => {
    counted = Date.now();
    for (const q of shown.queues) {
      try {
        const { total } = await ask<Report>(`/api/reports?period=today&queue=${encodeURIComponent(q.number)}`);
        const v = total.values;
        today.value = { ...today.value, [q.number]: { level: v["sl-net"], abandoned: v.abandoned ?? 0, answered: v.answered ?? 0, offered: v.offered ?? 0 } };
      } catch {
        counted = Date.now() - figuresEvery / 2; // sooner again; what is shown of now says if the box is gone
      }
    }
  };
  const round = async () => {
    try {
      const got = await ask<Wall>(`/api/wall?queues=${encodeURIComponent(queues)}`);
      if (over) return;
      wall.value = got;
      heard.value = Date.now();
      if (Date.now() - counted > figuresEvery) void count(got);
    } catch {
      // The clock tells how old is what is shown.
    }
    if (!over) next = setTimeout(round, every);
  };
  const ticking = setInterval(() => (clock.value = Date.now()), 500);
  void round();
  return () => {
    over = true;
    clearTimeout(next);
    clearInterval(ticking);
  };
}
