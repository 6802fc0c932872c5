// Plays a recording and draws how loud it is: the caller above the line, the other side below. The box has computed
// the drawing once; the sound comes in pieces as it is played.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Peaks } from "../api";
import { get } from "../client";
import { count, duration, t } from "../language";
import { Fault, useAction } from "../parts";
import { words } from "./asked";

const high = 64;
const speeds = [0.75, 1, 1.25, 1.5, 2];
type Side = "both" | "caller" | "other";

/** Bars of both channels, from a line in the middle; one channel goes to both sides. */
function shape(channels: number[][]): string {
  const [up = [], down = up] = channels;
  return up.map((n, i) => `M${i} ${high / 2 - Math.max(0.5, (n / 100) * (high / 2))}V${high / 2 + Math.max(0.5, ((down[i] ?? 0) / 100) * (high / 2))}`).join("");
}

/** Lets one side of a stereo sound through to both ears. Made when it is first asked for: browsers want a press before. */
class Sides {
  private readonly context = new AudioContext();
  private readonly gains: GainNode[];
  constructor(audio: HTMLAudioElement) {
    const split = this.context.createChannelSplitter(2);
    this.context.createMediaElementSource(audio).connect(split);
    this.gains = [0, 1].map((channel) => {
      const gain = this.context.createGain();
      split.connect(gain, channel);
      gain.connect(this.context.destination);
      return gain;
    });
  }
  choose(side: Side): void {
    void this.context.resume();
    this.gains.forEach((g, i) => (g.gain.value = side === "both" || (side === "caller") === (i === 0) ? 1 : 0));
  }
  end(): void {
    void this.context.close();
  }
}

export function Sound({ id, label }: { id: string; label: string }) {
  const w = words.value;
  const of = `/api/recordings/${encodeURIComponent(id)}`;
  const audio = useRef<HTMLAudioElement>(null);
  const sides = useRef<Sides | null>(null);
  const peaks = useSignal<Peaks | null>(null);
  const [at, length, playing, speed, side] = [useSignal(0), useSignal(0), useSignal(false), useSignal(1), useSignal<Side>("both")];
  const { error, run } = useAction();
  useEffect(() => {
    void run(async () => (peaks.value = await get<Peaks>(`${of}/peaks`)));
    return () => sides.current?.end();
  }, [id]);
  const stereo = (peaks.value?.channels.length ?? 0) > 1;
  const all = length.value || (peaks.value?.length ?? 0) / 1000;
  const toggle = () => {
    const a = audio.current!;
    if (a.paused) void run(() => a.play());
    else a.pause();
  };
  const seek = (to: number) => {
    at.value = to;
    audio.current!.currentTime = to;
  };
  const hear = (s: Side) => {
    side.value = s;
    (sides.current ??= new Sides(audio.current!)).choose(s);
  };
  const drawn = peaks.value && shape(peaks.value.channels);
  const pieces = peaks.value?.channels[0]?.length ?? 1;
  const clip = `wave-${id}`;
  return (
    <div class="sound" data-testid="sound-player" data-seconds={all} data-at={at.value} data-playing={playing.value} data-channels={peaks.value?.channels.length}>
      <Fault error={error.value} />
      <div class="player-row" dir="ltr">
        <audio ref={audio} src={`${of}/sound.wav`} preload="metadata" data-testid="recording-sound" aria-label={label}
          onPlay={() => (playing.value = true)} onPause={() => (playing.value = false)} onEnded={() => (playing.value = false)}
          onLoadedMetadata={(e) => { length.value = e.currentTarget.duration; e.currentTarget.playbackRate = speed.value; }} onTimeUpdate={(e) => (at.value = e.currentTarget.currentTime)} />
        <button type="button" class="round" onClick={toggle} aria-label={`${playing.value ? t.value.pause : t.value.play}: ${label}`} data-testid="sound-play">
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={playing.value ? "M4 2h3v12H4zM9 2h3v12H9z" : "M4 2l10 6-10 6z"} fill="currentColor" /></svg>
        </button>
        <div class="wave tall">
          {drawn && (
            <svg viewBox={`0 0 ${pieces} ${high}`} preserveAspectRatio="none" role="img" aria-label={w.wave} data-testid="sound-wave">
              <clipPath id={clip}><rect width={all ? (at.value / all) * pieces : 0} height={high} /></clipPath>
              <path d={drawn} class="wave-all" />
              <path d={drawn} class="wave-played" clip-path={`url(#${clip})`} />
            </svg>
          )}
          <input type="range" min="0" max={all} step="0.1" value={at.value} onInput={(e) => seek(Number(e.currentTarget.value))} aria-label={w.position} aria-valuetext={duration(at.value * 1000)} data-testid="sound-seek" />
        </div>
        <span class="ticks">{duration(at.value * 1000)} / {duration(all * 1000)}</span>
      </div>
      <div class="find">
        <label>{w.speed} <select value={String(speed.value)} onChange={(e) => { speed.value = Number(e.currentTarget.value); audio.current!.playbackRate = speed.value; }} data-testid="sound-speed">
          {speeds.map((s) => <option key={s} value={s}>{w.times(count(s))}</option>)}
        </select></label>
        {stereo && (
          <label>{w.hear} <select value={side.value} onChange={(e) => hear(e.currentTarget.value as Side)} data-testid="sound-side">
            <option value="both">{w.bothSides}</option><option value="caller">{w.callerSide}</option><option value="other">{w.otherSide}</option>
          </select></label>
        )}
      </div>
    </div>
  );
}
