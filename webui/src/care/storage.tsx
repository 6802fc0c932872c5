// The disk: room, its future, and its wear.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StorageState } from "../api";
import { get } from "../client";
import { count, language, percent } from "../language";
import { Card, Fault, Lamp, useAction } from "../parts";
import { careWords } from "../words/care";
import { bytes } from "./form";

export function Storage() {
  const w = careWords[language.value];
  const state = useSignal<StorageState | null>(null);
  const { error, run } = useAction();
  useEffect(() => void run(async () => (state.value = await get<StorageState>("/api/care/storage"))), []);
  const s = state.value;
  const today = s?.days.at(-1);
  const soon = s !== null && (s.free < s.size / 20 || (s.days_left >= 0 && s.days_left < 7));
  return (
    <Card id="care-storage" title={w.storage} class="care">
      <Fault error={error.value} />
      {s && s.size > 0 && (
        <>
          <div class="row">
            <Lamp mood={soon ? "bad" : "ready"} />
            <div class="row-main">
              <span class="row-name" data-testid="storage-free">{w.free(bytes(s.free), bytes(s.size))}</span>
              <span class="row-sub" data-testid="storage-left" data-days={s.days_left}>{s.days_left < 0 ? w.steady : w.fills(count(s.days_left))}</span>
              {today && <span class="row-sub">{w.written(bytes(today.written))}</span>}
              <span class="row-sub">{w.slow(count(s.slow_ms))}</span>
            </div>
          </div>
          {s.chip.device && (
            <div class="row" data-testid="storage-chip">
              <Lamp mood={(s.chip.worn ?? 0) >= 90 || (s.chip.reserve ?? 0) >= 2 ? "bad" : "ready"} />
              <div class="row-main">
                <span class="row-name">{w.chip} <bdi dir="ltr">{[s.chip.kind, s.chip.name, s.chip.device].filter(Boolean).join(" ")}</bdi></span>
                <span class="row-sub">{s.chip.worn ? w.worn(percent(s.chip.worn / 100)) : w.wornUnknown} {w.reserves[s.chip.reserve ?? 0]}</span>
              </div>
            </div>
          )}
          {s.days.length > 1 && <Room state={s} />}
        </>
      )}
    </Card>
  );
}

/** Free room day by day; the words above say the same. */
function Room({ state: s }: { state: StorageState }) {
  const w = careWords[language.value];
  const [wide, high] = [6, 48];
  const n = s.days.length;
  return (
    <svg class="storage-days" viewBox={`0 0 ${wide * n} ${high}`} preserveAspectRatio="none" role="img" aria-label={w.storageChart}>
      {s.days.map((d, i) => {
        const tall = (d.free / s.size) * high;
        return <rect key={d.day} x={(language.value === "fa" ? n - 1 - i : i) * wide + 1} y={high - tall} width={wide - 2} height={tall}><title>{`${d.day}: ${bytes(d.free)}`}</title></rect>;
      })}
    </svg>
  );
}
