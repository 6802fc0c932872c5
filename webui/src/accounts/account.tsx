// One's own account: password, second step, sessions and tokens.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AccountView, MadeToken } from "../api";
import { Form, text } from "../care/form";
import { get, post } from "../client";
import { Field, number } from "../field";
import { date, language, t } from "../language";
import { Card, Empty, Fault, useAction } from "../parts";
import { accountWords } from "../words/accounts";
import { referenceWords } from "../words/reference";
import { Once } from "./once";
import { Second } from "./second";

export function AccountPlace() {
  const account = useSignal<AccountView | null>(null);
  const { error, run } = useAction();
  const ask = () => run(async () => (account.value = await get<AccountView>("/api/account")));
  useEffect(() => void ask(), []);
  const a = account.value;
  if (!a) return <Fault error={error.value} />;
  return <div class="stack"><Password ask={ask} /><Second on={a.user.second} ask={ask} /><Sessions account={a} ask={ask} /><Tokens account={a} ask={ask} /></div>;
}

type Ask = () => Promise<void>;

function Password({ ask }: { ask: Ask }) {
  const w = accountWords[language.value];
  const save = async (f: FormData) => {
    await post("/api/account/password", { old: String(f.get("old")), password: String(f.get("password")) });
    await ask();
  };
  return (
    <Card id="account-password" title={w.passwordTitle} class="care">
      <div class="settings">
        <Form id="password" fields={["password"]} save={save} label={w.change2}>
          {(error) => (
            <div class="grid">
              <Field label={w.old} name="old" id="password-old" type="password" autocomplete="current-password" ltr />
              <Field label={w.fresh} name="password" id="password-new" type="password" autocomplete="new-password" hint={t.value.passwordHint} ltr error={error} />
            </div>
          )}
        </Form>
      </div>
    </Card>
  );
}

const when = date;

function Sessions({ account, ask }: { account: AccountView; ask: Ask }) {
  const w = accountWords[language.value];
  const { busy, error, run } = useAction();
  return (
    <Card id="account-sessions" title={w.sessions} class="care">
      <div class="settings">
        {account.sessions.map((s) => (
          <div class="part" key={s.id} data-testid="session">
            <bdi>{s.device || "?"}</bdi> {s.here && <strong>({w.here})</strong>}
            <p class="row-sub">{w.since(s.from, when(s.used))}</p>
            {!s.here && <button class="quiet" disabled={busy.value} onClick={() => void run(async () => { await post(`/api/account/sessions/${s.id}/end`); await ask(); })}>{w.endSession}</button>}
          </div>
        ))}
        <Fault error={error.value} />
      </div>
    </Card>
  );
}

function Tokens({ account, ask }: { account: AccountView; ask: Ask }) {
  const w = accountWords[language.value];
  const made = useSignal("");
  const { busy, error, run } = useAction();
  const make = async (f: FormData) => {
    const body = { name: text(f, "name"), days: number(f, "days", t.value.unreachable), scopes: f.getAll("scopes").map(String), password: String(f.get("password")) };
    made.value = (await post<MadeToken>("/api/account/tokens", body)).token;
    await ask();
  };
  return (
    <Card id="account-tokens" title={w.tokens} class="care">
      <p class="row-sub">{w.tokensLead} <a href="#/api" data-testid="api-open">{referenceWords[language.value].link}</a></p>
      <div class="settings">
        {account.tokens.length === 0 && <Empty>{w.noTokens}</Empty>}
        {account.tokens.map((k) => (
          <div class="part" key={k.id} data-testid="token">
            <bdi>{k.name}</bdi>
            <p class="row-sub">{k.scopes.map((s) => w.rights[s] ?? s).join(" · ")} · {w.until(when(k.expires))} · {k.used ? w.used(when(k.used)) : w.unused}</p>
            <button class="quiet" disabled={busy.value} onClick={() => void run(async () => { await post(`/api/account/tokens/${k.id}/end`); await ask(); })}>{w.endToken}</button>
          </div>
        ))}
        <Fault error={error.value} />
        {made.value && <Once id="made-token" lead={w.made} lines={[["", made.value]]} />}
        <Form id="token" fields={["name", "days"]} save={make} label={w.makeToken}>
          {(error) => (
            <>
              <div class="grid">
                <Field label={w.tokenName} name="name" id="token-name" autocomplete="off" error={error} />
                <Field label={w.days} name="days" id="token-days" autocomplete="off" value="90" mode="numeric" ltr error={error} />
                <Field label={w.password} name="password" id="token-password" type="password" autocomplete="current-password" ltr />
              </div>
              <fieldset>
                <legend>{w.scopes}</legend>
                {account.scopes.map((s) => <label class="check" key={s}><input type="checkbox" name="scopes" value={s} data-testid={`scope-${s}`} /> {w.rights[s] ?? s}</label>)}
              </fieldset>
            </>
          )}
        </Form>
      </div>
    </Card>
  );
}
