// Plays a WAV of a telephone line and draws it.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bytes } from "./client";
import { duration, t } from "./language";
import { Fault, useAction } from "./parts";

const bars = 64;
const rate = 8000; // samples a second, as the box sends them
const header = 44; // bytes before the first sample

/** The loudness of each bar, 0 to 1. */
function envelope(samples: Int16Array): number[] {
  const width = Math.max(1, Math.ceil(samples.length / bars));
  const loud = Array.from({ length: bars }, (_, i) => {
    let peak = 0;
    for (const s of samples.subarray(i * width, (i + 1) * width)) peak = Math.max(peak, Math.abs(s));
    return peak;
  });
  const most = Math.max(1, ...loud);
  return loud.map((l) => l / most);
}

const shape = (loud: number[]): string =>
  loud.map((l, i) => `M${i * 4 + 2} ${16 - Math.max(0.75, l * 14)}V${16 + Math.max(0.75, l * 14)}`).join("");

/** version changes when there is something new to hear. */
export function Player({ path, version, id }: { path: string; version: string; id: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const source = useSignal("");
  const drawn = useSignal("");
  const length = useSignal(0);
  const at = useSignal(0);
  const playing = useSignal(false);
  const { error, run } = useAction();

  useEffect(() => {
    let url = "";
    let gone = false;
    void run(async () => {
      const file = await bytes(path);
      if (gone) return;
      const samples = new Int16Array(file.slice(header, header + 2 * Math.floor((file.byteLength - header) / 2)));
      drawn.value = shape(envelope(samples));
      length.value = samples.length / rate;
      url = URL.createObjectURL(new Blob([file], { type: "audio/wav" }));
      source.value = url;
    });
    return () => {
      gone = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [path, version]);

  const w = t.value;
  const toggle = () => {
    const a = audio.current!;
    if (a.paused) void a.play();
    else a.pause();
  };
  const seek = (e: Event) => {
    at.value = Number((e.currentTarget as HTMLInputElement).value);
    audio.current!.currentTime = at.value;
  };
  const played = length.value ? (at.value / length.value) * bars * 4 : 0;
  return (
    <div class="player" data-testid={id} data-seconds={length.value}>
      <p class="player-title">{w.heard}</p>
      <Fault error={error.value} />
      <div class="player-row" dir="ltr">
        <audio ref={audio} src={source.value || undefined} preload="auto" onPlay={() => (playing.value = true)} onPause={() => (playing.value = false)}
          onEnded={() => (playing.value = false)} onTimeUpdate={(e) => (at.value = e.currentTarget.currentTime)} />
        <button class="round" onClick={toggle} disabled={!source.value} aria-label={playing.value ? w.pause : w.play} data-testid={`${id}-play`}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={playing.value ? "M4 2h3v12H4zM9 2h3v12H9z" : "M4 2l10 6-10 6z"} fill="currentColor" /></svg>
        </button>
        <div class="wave">
          <svg viewBox={`0 0 ${bars * 4} 32`} preserveAspectRatio="none" aria-hidden="true">
            <clipPath id={`${id}-clip`}><rect width={played} height="32" /></clipPath>
            <path d={drawn.value} class="wave-all" />
            <path d={drawn.value} class="wave-played" clip-path={`url(#${id}-clip)`} />
          </svg>
          <input type="range" min="0" max={length.value} step="0.1" value={at.value} onInput={seek} aria-label={w.seek} aria-valuetext={duration(at.value * 1000)} />
        </div>
        <span class="ticks">{duration((at.value || length.value) * 1000)}</span>
      </div>
      <a class="save" href={path} download="pasokh-call.wav">{w.save}</a>
    </div>
  );
}
