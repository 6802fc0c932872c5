// The door: claim a new box, or sign in to one's own.
import { useSignal } from "@preact/signals";
import type { Claim, Me, SignIn } from "./api";
import { post, Refused } from "./client";
import { Field } from "./field";
import { ascii, language, t } from "./language";
import { Mark, Tongue } from "./mark";
import { words } from "./words";
import { Fault, useAction } from "./parts";
import { ended, me, place } from "./store";
import { AcceptForm, invitation } from "./accounts/accept";
import { Trust, TrustLink } from "./accounts/trust";
import { accountWords } from "./words/accounts";

export const Gate = ({ claimed, box }: { claimed: boolean; box: string }) => {
  const invited = invitation(place.value);
  return (
  <div class="gate">
    <header class="top"><Mark /><span class="top-end"><Tongue /></span></header>
    <main class="gate-card">
      {box !== words.en.product && <p class="gate-box"><bdi>{box}</bdi></p>}
      {place.value === "#/trust" ? <Trust /> : !claimed ? <ClaimForm /> : invited ? <AcceptForm user={invited[0]} code={invited[1]} /> : <SignInForm />}
      {place.value !== "#/trust" && <TrustLink />}
    </main>
  </div>
  );
};

function SignInForm() {
  const { busy, error, run } = useAction();
  const second = useSignal(false);
  const w = accountWords[language.value];
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const body: SignIn = { user: String(form.get("user")), password: String(form.get("password")) };
    if (second.value) body.code = ascii(String(form.get("code")));
    void run(async () => {
      try {
        me.value = await post<Me>("/api/sign-in", body);
      } catch (e) {
        if (!(e instanceof Refused && e.code === "second-step") || second.value) throw e;
        second.value = true; // the password is right
      }
    });
  };
  return (
    <form onSubmit={submit} data-testid="signin">
      <h1>{t.value.signInTitle}</h1>
      <p class="lead" data-testid="signin-lead">{ended.value ? t.value.signInAgain : t.value.signInLead}</p>
      <Field label={t.value.user} name="user" id="signin-user" autocomplete="username" ltr />
      <Field label={t.value.password} name="password" id="signin-password" type="password" autocomplete="current-password" ltr />
      {second.value && <Field label={w.second} hint={w.secondLead} name="code" id="signin-code" autocomplete="one-time-code" ltr />}
      <Fault error={error.value} id="signin-error" />
      <button class="main" type="submit" disabled={busy.value} data-testid="signin-submit">{t.value.signIn}</button>
    </form>
  );
}

function ClaimForm() {
  const { busy, error, run } = useAction();
  const differ = useSignal(false);
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name));
    differ.value = text("password") !== text("again");
    if (differ.value) return;
    const body: Claim = { token: text("token").trim(), user: text("user"), password: text("password") };
    void run(async () => (me.value = await post<Me>("/api/claim", body)));
  };
  return (
    <form onSubmit={submit} data-testid="claim">
      <h1>{t.value.claimTitle}</h1>
      <p class="lead">{t.value.claimLead}</p>
      <Field label={t.value.token} name="token" id="claim-token" autocomplete="off" ltr />
      <Field label={t.value.user} name="user" id="claim-user" autocomplete="username" value="admin" ltr />
      <Field label={t.value.password} name="password" id="claim-password" type="password" autocomplete="new-password" hint={t.value.passwordHint} ltr />
      <Field label={t.value.passwordAgain} name="again" id="claim-again" type="password" autocomplete="new-password" ltr />
      {differ.value && <p class="fault" role="alert" data-testid="claim-differ">{t.value.passwordsDiffer}</p>}
      <Fault error={error.value} id="claim-error" />
      <button class="main" type="submit" disabled={busy.value} data-testid="claim-submit">{t.value.claim}</button>
    </form>
  );
}
