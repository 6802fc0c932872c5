// Small pieces that every card is made of.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Party } from "./api";
import { Refused } from "./client";
import { aside, digits, duration, language, t } from "./language";
import { now } from "./store";

/** A telephone number: left to right in every language. */
export const Num = ({ children }: { children: string }) => (
  <bdi dir="ltr" class="num" data-number={children}>{digits(children)}</bdi>
);

/** Who is at the other end. */
export function Who({ party }: { party: Party | undefined }) {
  if (!party || (!party.number && !party.name)) return <span class="who">{t.value.unknownCaller}</span>;
  return (
    <span class="who">
      {party.name && <bdi class="who-name">{party.name}</bdi>}
      {party.number && <Num>{party.number}</Num>}
    </span>
  );
}

/** Who is at the other end, inside a sentence. */
export const named = (party: Party): string => aside(party.name || digits(party.number) || t.value.unknownCaller);

/** Time since an event, ticking. */
export const Since = ({ at }: { at: string }) => <time class="ticks">{duration(now.value - Date.parse(at))}</time>;

/** A lamp says a state by colour; the words beside it say it too. */
export const Lamp = ({ mood }: { mood: Mood }) => <span class={`lamp ${mood}`} aria-hidden="true" />;
export type Mood = "calm" | "ready" | "call" | "talk" | "rest" | "off" | "bad";

/** How a call or a leg sounds: a word, and the score behind it on demand. */
export function Sounds({ grade, mos }: { grade: string | undefined; mos: number | undefined }) {
  if (!grade || !mos) return <>–</>;
  const figure = t.value.score(digits(mos.toFixed(1)));
  const mood: Mood = grade === "good" ? "ready" : grade === "fair" ? "call" : "bad";
  return <span class={`state ${mood}`} data-testid="sound" data-grade={grade} data-mos={mos} title={figure}>{t.value.grades[grade] ?? grade}<span class="hidden"> {figure}</span></span>;
}

export function Card({ title, note, children, id, class: more = "" }: { title: string; note?: ComponentChildren; children: ComponentChildren; id: string; class?: string }) {
  return (
    <section class={`card ${more}`} aria-labelledby={`${id}-title`} data-testid={id}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {note && <span class="card-note">{note}</span>}
      </header>
      {children}
    </section>
  );
}

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

/** What went wrong, in words. */
export const said = (e: unknown): string => (e instanceof Refused && e.status > 0 ? e.message : t.value.unreachable);

/** Runs requests one after another and keeps what the last one said when it failed. */
export function useAction() {
  const busy = useSignal(false);
  const error = useSignal<unknown>(null);
  const last = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => void (error.value = null), [language.value]); // it was said in the other one
  const run = (work: () => Promise<unknown>): Promise<void> =>
    (last.current = last.current.then(async () => {
      busy.value = true;
      error.value = null;
      try {
        await work();
      } catch (e) {
        error.value = e;
      } finally {
        busy.value = false;
      }
    }));
  return { busy, error, run };
}

export const Fault = ({ error, id }: { error: unknown; id?: string }) =>
  error ? <p class="fault" role="alert" data-testid={id}>{said(error)}</p> : null;
