// Restarting the box, and having it forget everything.
import { useSignal } from "@preact/signals";
import { post } from "../client";
import { aside, language } from "../language";
import { Card, Fault, useAction } from "../parts";
import { me } from "../store";
import { applianceWords } from "../words/appliance";

export function Ending({ started, keeps }: { started: string; keeps: boolean }) {
  const w = applianceWords[language.value];
  const { busy, error, run } = useAction();
  const typed = useSignal("");
  const before = useSignal(""); // when what now restarts was started
  const name = me.value?.box ?? "";
  const restart = () => {
    if (!confirm(w.restartAsk)) return;
    void run(async () => {
      await post("/api/appliance/restart");
      before.value = started;
    });
  };
  const forget = (e: SubmitEvent) => {
    e.preventDefault();
    void run(async () => {
      await post("/api/appliance/forget");
      before.value = started;
    });
  };
  return (
    <Card id="appliance-ending" title={w.ending} class="care thing">
      <p class="row-sub">{w.restartLead}</p>
      <p><button class="main soft" type="button" disabled={busy.value} onClick={restart} data-testid="appliance-restart">{w.restart}</button></p>
      {before.value && <p role="status" data-testid="appliance-restarting" data-state={before.value === started ? "away" : "back"}>{before.value === started ? w.away : w.back}</p>}
      {keeps && (
        <form onSubmit={forget} data-testid="appliance-forget">
          <h3>{w.forget}</h3>
          <p class="row-sub">{w.forgetLead}</p>
          <div class="field">
            <label for="forget-name">{w.forgetType(aside(name))}</label>
            <input id="forget-name" value={typed.value} onInput={(e) => (typed.value = e.currentTarget.value)} autocomplete="off" dir="auto" spellcheck={false} data-testid="forget-name" />
          </div>
          <p class="buttons"><button class="main danger" disabled={busy.value || typed.value.trim() !== name} data-testid="forget-do">{w.forgetNow}</button></p>
        </form>
      )}
      <Fault error={error.value} id="ending-fault" />
    </Card>
  );
}
