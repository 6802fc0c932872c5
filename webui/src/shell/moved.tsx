// A change of the network that goes back by itself: whoever still reaches the box keeps it.
import { useEffect } from "preact/hooks";
import { appliance, look } from "../appliance/state";
import { post } from "../client";
import { count, language } from "../language";
import { Fault, useAction } from "../parts";
import { now } from "../store";
import { shellWords } from "../words/shell";

export function Moved() {
  const w = shellWords[language.value];
  const { busy, error, run } = useAction();
  useEffect(() => void run(look), []);
  const until = appliance.value?.network.until;
  const left = until ? Math.ceil((Date.parse(until) - now.value) / 1000) : 0;
  const over = until !== undefined && left <= 0;
  useEffect(() => {
    if (over) setTimeout(() => void run(look), 1500);
  }, [over]);
  if (!until || over) return null;
  const keep = () => void run(async () => {
    await post("/api/appliance/network/confirm");
    await look();
  });
  return (
    <section class="on-trial" role="alert" data-testid="network-trial">
      <p>{w.moved(count(left))}</p>
      <button class="quiet" disabled={busy.value} onClick={keep} data-testid="network-keep">{w.keepMoved}</button>
      <Fault error={error.value} />
    </section>
  );
}
