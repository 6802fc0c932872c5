// "Explain this call": a sentence for every step, of a call that is over or runs.
import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Decision, Party, Story } from "./api";
import { get } from "./client";
import { count, language, moment, t } from "./language";
import { Empty, Fault, useAction, Who } from "./parts";
import { OfCall } from "./recordings";
import { SoundNow } from "./legsound";
import { CallSIP } from "./sip";
import { calls, floor, now } from "./store";
import { storyWords } from "./words/story";

interface Explained { id: string; from: Party; started: string }
/** The call whose story is open. */
export const explained = signal<Explained | null>(null);

export const Explanation = () => explained.value && <Drawer key={explained.value.id} call={explained.value} />;

/** A sentence, after the time since the call's beginning. */
export function StoryLine({ line, children }: { line: string; children?: ComponentChildren }) {
  const [, at, sentence] = /^([0-9۰-۹:.]+) (.*)$/.exec(line) ?? [, "", line];
  return <li data-testid="story-line"><time class="ticks">{at}</time><span>{sentence}{children}</span></li>;
}

/** The lines of a story; behind the choice of an agent, why it was nobody else. */
function Lines({ lines, decisions }: { lines: string[]; decisions: Decision[] }) {
  const left = decisions.filter((d) => d.others?.length);
  return (
    <ol class="story">
      {lines.map((line, i) => {
        const d = left[0]?.text === line ? left.shift() : undefined;
        return d ? <Choice key={i} decision={d} /> : <StoryLine key={i} line={line} />;
      })}
    </ol>
  );
}

function Choice({ decision: d }: { decision: Decision }) {
  const w = storyWords[language.value];
  return (
    <StoryLine line={d.short ?? d.text}>
      <details class="others" data-testid="story-why" data-agent={d.agent}>
        <summary>{w.others(count(d.others!.length))}</summary>
        <ul>{d.others!.map((o, i) => <li key={i} data-testid="story-other" data-agent={o.agent}>{o.why}</li>)}</ul>
      </details>
    </StoryLine>
  );
}

function Drawer({ call: c }: { call: Explained }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const story = useSignal<Story | null>(null);
  const { error, run } = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  // A running call goes on; afterwards its agent still finishes the work.
  const running = calls.value.some((r) => r.id === c.id);
  const beat = running ? Math.floor(now.value / 2000) : floor.value.agents.map((a) => a.state).join();
  const decisions = useSignal<Decision[]>([]);
  const tell = () => run(async () => {
    const path = `/api/calls/${encodeURIComponent(c.id)}`;
    [story.value, decisions.value] = await Promise.all([get<Story>(`${path}?lang=${language.value}`), get<Decision[]>(`${path}/explain?lang=${language.value}`)]);
  });
  useEffect(() => {
    void tell();
  }, [beat, running, language.value]);
  const close = () => dialog.current?.close();
  const told = story.value;
  return (
    <dialog class="drawer" ref={dialog} aria-labelledby="story-title" data-testid="story"
      onClose={() => (explained.value = null)} onClick={(e) => e.target === dialog.current && close()}>
      <div class="drawer-in">
        <header class="card-head">
          <h2 id="story-title">{t.value.storyTitle}</h2>
          {running && <span class="tag">{t.value.explainNow}</span>}
          <button class="quiet" onClick={close} data-testid="story-close">{t.value.close}</button>
        </header>
        <p class="drawer-who"><Who party={c.from} /> <span>{moment(c.started, now.value)}</span></p>
        <Fault error={error.value} />
        {!told ? !error.value && <Empty>{t.value.loading}</Empty> : told.lines.length === 0 ? <Empty>{t.value.storyEmpty}</Empty> : (
          <Lines lines={told.lines} decisions={decisions.value} />
        )}
        {running && <SoundNow id={c.id} />}
        {told && <OfCall entries={told.recordings} changed={tell} />}
        <CallSIP id={c.id} beat={beat} />
      </div>
    </dialog>
  );
}
