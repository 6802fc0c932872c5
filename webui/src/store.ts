// What the page knows: who is signed in, and the board as the box streams it.
import { signal } from "@preact/signals";
import type { Call, CallRecord, Conference, Floor, HoursState, Line, Me, Phone, Protection, Simulated, Switch, Trial, Trouble, Trunk } from "./api";
import { get, post, Refused } from "./client";

export const me = signal<Me | null>(null);
/** The box could not be asked who we are. */
export const unreachable = signal(false);

export const lines = signal<Line[]>([]);
export const phones = signal<Phone[]>([]);
export const trunks = signal<Trunk[]>([]);
export const switches = signal<Switch[]>([]);
export const hours = signal<HoursState[]>([]);
export const conferences = signal<Conference[]>([]);
/** Extensions that may listen in. */
export const supervisors = signal<string[]>([]);
export const floor = signal<Floor>({ queues: [], agents: [] });
export const calls = signal<Call[]>([]);
export const records = signal<CallRecord[]>([]);
export const health = signal<Trouble[]>([]);
export const protection = signal<Protection>({ bans: [], turned: { banned: 0, scanners: 0, flooding: 0, broken: 0, doors: 0, wrong: 0, shed: 0, faults: 0 } });
export const simulator = signal<Simulated>({ lines: [], phones: [] });

/** The address of what is shown, see places. */
export const place = signal(location.hash);
/** Asks whoever has something unsaved whether he may leave; null: nobody has. */
export const staying = signal<(() => boolean) | null>(null);
addEventListener("hashchange", () => {
  if (location.hash !== place.value && staying.value && !staying.value()) return history.replaceState(null, "", place.value);
  staying.value = null;
  place.value = location.hash;
});
addEventListener("beforeunload", (e) => {
  if (staying.value) e.preventDefault();
});
/** A change of the settings that goes back by itself unless somebody keeps it. */
export const onTrial = signal<Trial | null>(null);

export type Connection = "connecting" | "live" | "lost";
export const connection = signal<Connection>("connecting");
/** When the board was last known to be right, box time. */
export const seen = signal(0);
/** The box's clock, in milliseconds; it ticks once a second. */
export const now = signal(Date.now());
let skew = 0; // of the box's clock against this device's

/** A session that the box no longer knows: it has restarted, or the password is another. */
export const ended = signal(false);

export const askWho = async (): Promise<void> => {
  try {
    const was = me.value;
    me.value = await get<Me>("/api/me");
    ended.value = Boolean(was?.user && !me.value.user);
    unreachable.value = false;
  } catch (e) {
    if (!me.value) unreachable.value = true;
    if (!(e instanceof Refused)) throw e;
  }
};

export const signOut = async (): Promise<void> => {
  try {
    me.value = await post<Me>("/api/sign-out");
    ended.value = false;
  } catch {
    await askWho(); // the session may be over already
  }
};

/** A clock comes every 15 s; without one for so long the box is gone. */
const silence = 35_000;
const retry = 2_000;

/** Keeps the board live until the returned function is called. */
export function watch(): () => void {
  let stream: EventSource | undefined;
  let heard = Date.now();
  let again: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const open = () => {
    heard = Date.now();
    const s = new EventSource("/api/live");
    stream = s;
    const on = <T>(name: string, take: (value: T) => void) =>
      s.addEventListener(name, (e) => {
        heard = Date.now();
        take(JSON.parse((e as MessageEvent<string>).data) as T);
      });
    on<{ now: string }>("clock", (c) => {
      skew = Date.parse(c.now) - Date.now();
      if (!me.value?.rights.includes("calls")) connection.value = "live"; // no records will come
      tick();
    });
    on<Line[]>("lines", (v) => (lines.value = v));
    on<Phone[]>("phones", (v) => (phones.value = v));
    on<Trunk[]>("trunks", (v) => (trunks.value = v));
    on<Switch[]>("switches", (v) => (switches.value = v));
    on<HoursState[]>("hours", (v) => (hours.value = v));
    on<Conference[]>("conferences", (v) => (conferences.value = v));
    on<string[]>("supervisors", (v) => (supervisors.value = v));
    on<Floor>("floor", (v) => (floor.value = v));
    on<Call[]>("calls", (v) => (calls.value = v));
    on<CallRecord[]>("records", (v) => {
      records.value = v;
      connection.value = "live"; // the board has come, not just the connection
    });
    on<Trouble[]>("health", (v) => (health.value = v));
    on<Protection>("protection", (v) => (protection.value = v));
    on<Simulated>("simulator", (v) => (simulator.value = v));
    s.onerror = lose;
  };

  // The browser tries again by itself after some errors; we do after all of them.
  const lose = () => {
    stream?.close();
    if (connection.value !== "lost") seen.value = now.value;
    connection.value = "lost";
    clearTimeout(again);
    again = setTimeout(async () => {
      try {
        await askWho(); // a box that no longer knows us shows its sign-in page
      } finally {
        if (!over) open();
      }
    }, retry);
  };

  const tick = () => {
    if (connection.value !== "lost") now.value = Date.now() + skew; // nobody knows whether it goes on
    if (Date.now() - heard > silence && connection.value === "live") lose();
  };
  const ticking = setInterval(tick, 1000);
  open();
  return () => {
    over = true;
    clearInterval(ticking);
    clearTimeout(again);
    stream?.close();
    connection.value = "connecting";
    forget();
  };
}

/** Who signs in next may see less: nothing of what was shown stays in the page. */
function forget(): void {
  for (const s of [lines, phones, trunks, switches, hours, conferences, supervisors, calls, records, health]) s.value = [];
  floor.value = { queues: [], agents: [] };
  protection.value = { ...protection.value, bans: [] };
  simulator.value = { lines: [], phones: [] };
}
