// The set-up of a box, step by step. The box keeps how far it is.
import type { ComponentType } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Me, SetupView } from "../api";
import { get } from "../client";
import { count } from "../language";
import { Fault, useAction } from "../parts";
import { me } from "../store";
import { learn } from "../things/known";
import { BoxStep } from "./box";
import { CallStep } from "./call";
import { GreetingStep } from "./greeting";
import { HoursStep } from "./hours";
import { NetworkStep } from "./network";
import { PeopleStep } from "./people";
import { move, type StepProps, words } from "./step";
import { ToStep } from "./to";
import { WayStep } from "./way";

const steps: { [id: string]: ComponentType<StepProps> } = {
  box: BoxStep, network: NetworkStep, people: PeopleStep, way: WayStep, hours: HoursStep, greeting: GreetingStep, to: ToStep, call: CallStep,
};

export function SetupPlace(_: { path: string[]; who: Me }) {
  const w = words();
  const view = useSignal<SetupView | null>(null);
  const { busy, error, run } = useAction();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => void run(async () => {
    await learn();
    view.value = await get<SetupView>("/api/setup");
  }), []);
  const at = view.value?.at ?? "";
  const came = useRef("");
  useEffect(() => { // a reader is told of the next step
    document.querySelector(".setup-steps [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    if (came.current && came.current !== at) {
      head.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    came.current = at;
  }, [at]);
  const v = view.value;
  if (!v) return <><p class="lead" aria-busy={!error.value}>…</p><Fault error={error.value} /></>;

  const ids = v.steps.map((s) => s.id);
  const n = ids.indexOf(at);
  const go = (body: Parameters<typeof move>[0]) => void run(async () => void (view.value = await move(body)));
  const leave = () => void (location.hash = "#/overview");
  const end = () => void run(async () => {
    view.value = await move({ end: true });
    if (me.value) me.value = { ...me.value, setup: false };
    leave();
  });
  const Step = steps[at] ?? BoxStep;
  const missing = v.steps.filter((s) => s.standing !== "done" && s.id !== "call");
  return (
    <div class="setup" data-testid="setup" data-state={at}>
      <nav class="card setup-steps" aria-label={w.steps}>
        <p class="hint">{w.progress(count(n + 1), count(ids.length))}</p>
        <progress max={ids.length} value={v.steps.filter((s) => s.standing).length} aria-label={w.steps} />
        <ol>
          {v.steps.map((s) => (
            <li key={s.id}>
              <button type="button" class="quiet" aria-current={s.id === at ? "step" : undefined} disabled={busy.value} onClick={() => go({ at: s.id })} data-testid={`setup-at-${s.id}`} data-standing={s.standing ?? ""}>
                <span class={`standing ${s.standing ?? ""}`} aria-hidden="true" />{w.names[s.id]}{s.standing && <span class="hidden"> ({w.standing[s.standing]})</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section class="card thing" aria-labelledby="setup-head">
        <h2 id="setup-head" ref={head} tabIndex={-1} data-testid="setup-head">{w.titles[at]}</h2>
        <p class="lead">{w.leads[at]}</p>
        <Step key={at} view={v} took={(next) => (view.value = next)} />
        <Fault error={error.value} id="setup-move-fault" />
        <footer class="buttons setup-ways">
          {n > 0 && <button type="button" class="quiet" disabled={busy.value} onClick={() => go({ at: ids[n - 1]! })} data-testid="setup-back">{w.back}</button>}
          {n < ids.length - 1
            ? <button type="button" class="quiet" disabled={busy.value} onClick={() => go({ skip: at })} data-testid="setup-skip">{v.steps[n]?.standing === "done" ? w.next : w.skip}</button>
            : <button type="button" class="quiet" disabled={busy.value} onClick={end} data-testid="setup-end">{w.end}</button>}
          <button type="button" class="quiet" onClick={leave} data-testid="setup-leave">{w.leave}</button>
        </footer>
        {at === "call" && missing.length > 0 && <p class="hint">{w.missing(missing.map((s) => w.names[s.id]).join(w.comma))}</p>}
      </section>
    </div>
  );
}
