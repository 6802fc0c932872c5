// The box's log, found by weight and words, and followed.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LogRecord, Logs as Found } from "../api";
import { get } from "../client";
import { exactly, language } from "../language";
import { Card, Empty, Fault, type Mood, useAction } from "../parts";
import { careWords } from "../words/care";
import { Choice } from "./form";

const moods: { [level: string]: Mood } = { debug: "off", info: "calm", warn: "call", error: "bad" };
const every = 2000;

export function Logs() {
  const w = careWords[language.value];
  const level = useSignal("info");
  const words = useSignal("");
  const follow = useSignal(false);
  const found = useSignal<LogRecord[] | null>(null);
  const { error, run } = useAction();
  const load = () => run(async () => (found.value = (await get<Found>(`/api/care/logs?${new URLSearchParams({ level: level.value, text: words.value })}`)).records));
  useEffect(() => {
    if (!follow.value) return;
    const ticking = setInterval(() => void load(), every);
    return () => clearInterval(ticking);
  }, [follow.value]);
  return (
    <Card id="care-logs" title={w.logs} class="care">
      <form class="find" onSubmit={(e) => { e.preventDefault(); void load(); }}>
        <Choice label={w.level} name="level" id="logs-level" value={level.value} words={w.levels} onChange={(v) => (level.value = v)} />
        <label>{w.words} <input value={words.value} onInput={(e) => (words.value = e.currentTarget.value)} data-testid="logs-words" /></label>
        <button class="main soft" data-testid="logs-find">{w.find}</button>
        <label class="check"><input type="checkbox" checked={follow.value} onChange={(e) => (follow.value = e.currentTarget.checked)} data-testid="logs-follow" /> {w.follow}</label>
      </form>
      <Fault error={error.value} />
      {found.value && (found.value.length === 0 ? <Empty>{w.noLogs}</Empty> : (
        <div class="log" dir="ltr" tabIndex={0} role="region" aria-label={w.logs} data-testid="logs">
          {found.value.map((r, i) => (
            <p key={i} data-level={r.level}><time>{exactly(r.at)}</time> <span class={`state ${moods[r.level] ?? "off"}`}>{r.level}</span> <b>{r.text}</b> {r.attrs.map((a) => `${a.key}=${a.value}`).join(" ")}</p>
          ))}
        </div>
      ))}
    </Card>
  );
}
