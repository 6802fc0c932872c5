// An invitation is taken: its user chooses a password.
import type { Accept, Me } from "../api";
import { post } from "../client";
import { Field } from "../field";
import { language, t } from "../language";
import { Fault, useAction } from "../parts";
import { me } from "../store";
import { accountWords } from "../words/accounts";

/** The invitation of an address, "#/invitation/mina/code". */
export function invitation(hash: string): [user: string, code: string] | null {
  const m = /^#\/invitation\/([^/]+)\/([a-z0-9]+)$/.exec(hash);
  if (!m) return null;
  try { return [decodeURIComponent(m[1]!), m[2]!]; } catch { return null; }
}

export function AcceptForm({ user, code }: { user: string; code: string }) {
  const w = accountWords[language.value];
  const { busy, error, run } = useAction();
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const body: Accept = { user, invitation: code, password: String(form.get("password")) };
    void run(async () => {
      const who = await post<Me>("/api/accept", body);
      location.hash = "#/overview"; // the code is not kept in the address
      me.value = who;
    });
  };
  return (
    <form onSubmit={submit} data-testid="accept">
      <h1>{w.acceptTitle} <bdi>{user}</bdi></h1>
      <p class="lead">{w.acceptLead}</p>
      <input type="hidden" name="user" value={user} autocomplete="username" />
      <Field label={w.password} name="password" id="accept-password" type="password" autocomplete="new-password" hint={t.value.passwordHint} ltr />
      <Fault error={error.value} id="accept-error" />
      <button class="main" type="submit" disabled={busy.value} data-testid="accept-submit">{w.accept}</button>
    </form>
  );
}
