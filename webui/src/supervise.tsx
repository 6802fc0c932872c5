// What a supervisor does on the board: with a caller who waits, and with an agent.
import { useSignal } from "@preact/signals";
import type { Agent, Supervise, Usher, Waiting } from "./api";
import { agentName, queueName } from "./calls";
import { post } from "./client";
import { aside, t } from "./language";
import { Fault, useAction } from "./parts";
import { floor, supervisors } from "./store";

/** Puts a waiting caller first, gives him another queue, or has a supervisor's phone ring for him. */
export function Ushering({ waiting: c, queue }: { waiting: Waiting; queue: string }) {
  const { busy, error, run } = useAction();
  const chosen = useSignal("");
  const w = t.value;
  const others = floor.value.queues.filter((q) => q.number !== queue);
  const by = chosen.value || (supervisors.value[0] ?? "");
  const ask = (body: Usher) => void run(() => post(`/api/calls/${encodeURIComponent(c.call)}/queue`, body));
  return (
    <details class="doings">
      <summary data-testid={`usher-${c.position}`}>{w.actions}</summary>
      <p class="listen">
        {c.position > 1 && <button class="quiet" disabled={busy.value} data-testid={`first-${c.position}`} onClick={() => ask({ do: "first" })}>{w.putFirst}</button>}
        {others.map((q) => (
          <button key={q.number} class="quiet" disabled={busy.value} data-testid={`move-${c.position}-${q.number}`} onClick={() => ask({ do: "move", queue: q.number })}>{w.moveTo(aside(queueName(q.number)))}</button>
        ))}
        {by && !c.held && (
          <>
            <select value={by} aria-label={w.listenAs} onChange={(e) => (chosen.value = e.currentTarget.value)}>
              {supervisors.value.map((s) => <option key={s} value={s}>{agentName(s)}</option>)}
            </select>
            <button class="quiet" disabled={busy.value} data-testid={`take-${c.position}`} onClick={() => ask({ do: "take", by })}>{w.takeCaller}</button>
          </>
        )}
      </p>
      <Fault error={error.value} id={`usher-fault-${c.position}`} />
    </details>
  );
}

/** Logs an agent in or out, lets him rest or work on, and ends or extends his wrap-up. */
export function Managing({ agent: a }: { agent: Agent }) {
  const { busy, error, run } = useAction();
  const w = t.value;
  const out = (a.absences ?? []).some((x) => x.is === "logged-out");
  const rests = (a.absences ?? []).some((x) => x.is === "paused");
  const button = (body: Supervise) => (
    <button class="quiet" disabled={busy.value} data-testid={`${body.do}-${a.extension}`} onClick={() => void run(() => post(`/api/agents/${encodeURIComponent(a.extension)}`, body))}>
      {w.agentDo[body.do]}
    </button>
  );
  return (
    <details class="doings">
      <summary data-testid={`manage-${a.extension}`}>{w.actions}</summary>
      <p class="listen">
        {a.state === "wrap-up" && <>{button({ do: "enough" })}{button({ do: "more", minutes: 1 })}</>}
        {rests && button({ do: "resume" })}
        {a.state !== "paused" && a.state !== "logged-out" && button({ do: "pause" })}
        {out && button({ do: "log-in" })}
        {a.state !== "logged-out" && button({ do: "log-out" })}
      </p>
      <Fault error={error.value} id={`manage-fault-${a.extension}`} />
    </details>
  );
}
