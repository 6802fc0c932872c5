// Care: how the box looks after itself, and what helps when something is wrong.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CareSettings, Me } from "../api";
import { get } from "../client";
import { Fault, useAction } from "../parts";
import { Alerts } from "./alerts";
import { Backup } from "./backup";
import { Clock } from "./clock";
import { Logs } from "./logs";
import { Mail } from "./mail";
import { Storage } from "./storage";
import { Support } from "./support";
import { Webhooks } from "./webhooks";

export function CarePlace({ who }: { who: Me }) {
  const keeps = who.rights.includes("keep");
  const settings = useSignal<CareSettings | null>(null);
  const { error, run } = useAction();
  useEffect(() => void (keeps && run(async () => (settings.value = await get<CareSettings>("/api/care/settings")))), []);
  const s = settings.value;
  const take = (fresh: CareSettings) => (settings.value = fresh);
  return (
    <div class="stack">
      <Fault error={error.value} />
      {!keeps && <div class="stack halves"><Storage /><Clock /></div>}
      {s && (
        <>
          <Backup settings={s} take={take} />
          <div class="stack halves">
            <Alerts settings={s} take={take} />
            <Mail settings={s} take={take} />
            <Storage />
            <Clock />
          </div>
          <Webhooks />
          <Logs />
          <Support who={who} />
        </>
      )}
    </div>
  );
}

/** What the cards that edit settings are given. */
export interface Edits {
  settings: CareSettings;
  take: (fresh: CareSettings) => void;
}
