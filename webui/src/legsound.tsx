// How a running call sounds, leg by leg: level, loss, jitter, score.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallSound, Leg, Level, LegSound, Way } from "./api";
import { legName } from "./calls";
import { get } from "./client";
import { digits, t } from "./language";
import { calls } from "./store";

/** Asks again and again while it is shown: each answer takes a second of listening. */
export function SoundNow({ id }: { id: string }) {
  const sound = useSignal<LegSound[]>([]);
  useEffect(() => {
    let over = false;
    void (async () => {
      while (!over) {
        try {
          sound.value = (await get<CallSound>(`/api/calls/${encodeURIComponent(id)}/sound`)).legs;
        } catch {
          sound.value = []; // the call is over, or the box is away: the page says so elsewhere
        }
        await new Promise((next) => setTimeout(next, 1000));
      }
    })();
    return () => void (over = true);
  }, [id]);
  const w = t.value;
  const legs = calls.value.find((c) => c.id === id)?.legs ?? [];
  if (sound.value.length === 0) return null;
  return (
    <section class="sound-now" data-testid="sound-now" aria-label={w.soundNow}>
      <h3>{w.soundNow}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={w.soundNow}>
        <table>
          <thead><tr><th>{w.soundLeg}</th><th>{w.soundSays}</th><th>{w.soundHears}</th><th>{w.soundCame}</th><th>{w.soundSent}</th><th>{w.soundTrip}</th></tr></thead>
          <tbody>{sound.value.map((s) => <Row key={s.leg} it={s} leg={legs.find((l) => l.id === s.leg)} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

const Row = ({ it: s, leg }: { it: LegSound; leg: Leg | undefined }) => (
  <tr data-testid={`sound-${s.leg}`}>
    <th scope="row"><bdi>{leg ? legName(leg) : s.leg}</bdi> <span class="hint"><bdi dir="ltr">{s.codec}</bdi></span></th>
    <td data-testid="level-says"><Loud it={s.says} /></td>
    <td data-testid="level-hears"><Loud it={s.hears} /></td>
    <td data-testid="way-from"><Came it={s.quality?.from} /></td>
    <td data-testid="way-to"><Came it={s.quality?.to} /></td>
    <td><bdi dir="ltr">{s.quality?.roundTrip ? `${digits(s.quality.roundTrip.toFixed(0))} ms` : "–"}</bdi></td>
  </tr>
);

const Loud = ({ it: l }: { it: Level }) => (
  l.silent ? <>{t.value.soundSilence}</> : <bdi dir="ltr">{digits(l.level.toFixed(0))} dBm0{l.tone > 0 && ` · ${digits(l.tone.toFixed(0))} Hz`}</bdi>
);

function Came({ it: w }: { it: Way | undefined }) {
  if (!w || w.packets === 0) return <>–</>;
  const lost = (100 * w.lost) / (w.packets + w.lost);
  return (
    <bdi dir="ltr">{`${digits(lost.toFixed(1))}% · ${digits(w.jitter.toFixed(1))} ms${w.mos ? ` · MOS ${digits(w.mos.toFixed(1))}` : ""}`}</bdi>
  );
}
