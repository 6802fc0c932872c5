// Users: who may sign in, in which role, invited with a code that counts once.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Invitation, User, UserList } from "../api";
import { Choice, Form, text } from "../care/form";
import { get, post } from "../client";
import { Field } from "../field";
import { ascii, aside, date, language } from "../language";
import { Card, Fault, useAction } from "../parts";
import { me } from "../store";
import { accountWords } from "../words/accounts";
import { Once } from "./once";

export function PeoplePlace() {
  const w = accountWords[language.value];
  const list = useSignal<UserList | null>(null);
  const invitation = useSignal<Invitation | null>(null);
  const { error, run } = useAction();
  const ask = () => run(async () => (list.value = await get<UserList>("/api/users")));
  useEffect(() => void ask(), []);
  const invited = async (i: Invitation) => { invitation.value = i; await ask(); };
  const given = list.value?.roles ?? [];
  return (
    <div class="stack">
      <Fault error={error.value} />
      {invitation.value && <Told invitation={invitation.value} />}
      <Card id="people" title={w.people} class="care">
        <p class="row-sub">{w.peopleLead}</p>
        <div class="settings">{list.value?.users.map((u) => <Person key={u.name} user={u} roles={given} take={(l) => (list.value = l)} invited={invited} />)}</div>
      </Card>
      <Card id="people-invite" title={w.invite} class="care">
        <div class="settings">
          <Form id="invite" fields={["name", "queues", "extension"]} label={w.inviteDo} save={async (f) => invited(await post<Invitation>("/api/users", { name: text(f, "name"), ...part(f) }))}>
            {(error) => <><div class="grid"><Field label={w.name} name="name" id="invite-name" autocomplete="off" ltr error={error} /></div><Part id="invite" roles={given} role="supervisor" error={error} /></>}
          </Form>
        </div>
      </Card>
    </div>
  );
}

const part = (f: FormData) => ({
  role: text(f, "role"), queues: ascii(text(f, "queues")).split(/[\s,،]+/).filter(Boolean), extension: ascii(text(f, "extension")),
});

/** A role, and what it is the role of. */
function Part({ id, roles, role: first, queues = [], extension = "", error }: { id: string; roles: string[]; role: string; queues?: string[]; extension?: string; error: unknown }) {
  const w = accountWords[language.value];
  const role = useSignal(first);
  return (
    <>
      <div class="grid">
        <Choice label={w.role} name="role" id={`${id}-role`} value={first} words={Object.fromEntries(roles.map((r) => [r, w.roles[r] ?? r]))} onChange={(r) => (role.value = r)} />
        {role.value === "supervisor" && <Field label={w.queues} hint={w.queuesHint} name="queues" id={`${id}-queues`} value={queues.join(", ")} autocomplete="off" ltr error={error} />}
        {role.value === "agent" && <Field label={w.extension} name="extension" id={`${id}-extension`} value={extension} autocomplete="off" mode="tel" ltr error={error} />}
      </div>
      <p class="hint">{w.does[role.value]}</p>
    </>
  );
}

function Person({ user, roles, take, invited }: { user: User; roles: string[]; take: (l: UserList) => void; invited: (i: Invitation) => Promise<void> }) {
  const w = accountWords[language.value];
  const { busy, error, run } = useAction();
  const path = `/api/users/${encodeURIComponent(user.name)}`;
  const notes = [user.second && w.twoSteps, !user.active && w.notYet, user.invited && w.invited(date(user.invited))].filter(Boolean).join(" · ");
  const mine = user.name === me.value?.user;
  const touchable = roles.includes(user.role);
  return (
    <details class="part" data-testid={`user-${user.name}`}>
      <summary><bdi>{user.name}</bdi> <span class="row-sub">{w.roles[user.role]} {notes && `· ${notes}`}</span></summary>
      {touchable && (
        <>
          <Form id={`user-${user.name}-part`} fields={["queues", "extension"]} save={async (f) => take(await post<UserList>(path, part(f)))}>
            {(error) => <Part key={user.role} id={`user-${user.name}`} roles={roles} role={user.role} queues={user.queues} extension={user.extension} error={error} />}
          </Form>
          <button class="quiet" disabled={busy.value} data-testid={`user-${user.name}-again`} onClick={() => void run(async () => invited(await post<Invitation>(`${path}/invite`)))}>{w.again}</button>
          {!mine && <button class="quiet" disabled={busy.value} data-testid={`user-${user.name}-remove`}
            onClick={() => confirm(w.removeAsk(aside(user.name))) && void run(async () => take(await post<UserList>(`${path}/delete`)))}>{w.remove}</button>}
        </>
      )}
      <Fault error={error.value} id={`user-${user.name}-fault`} />
    </details>
  );
}

/** The invitation, told once. The link keeps it behind the #, which browsers do not send. */
function Told({ invitation }: { invitation: Invitation }) {
  const w = accountWords[language.value];
  const link = `${location.origin}/#/invitation/${encodeURIComponent(invitation.name)}/${invitation.code}`;
  return <Once id="invitation" lead={w.invitation(aside(invitation.name))} lines={[[w.code, invitation.code], [w.link, link]]} />;
}
