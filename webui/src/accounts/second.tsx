// The second step of signing in: set up with a QR code, ended with the password.
import { useSignal } from "@preact/signals";
import type { Offer, Recovery } from "../api";
import { Form } from "../care/form";
import { post } from "../client";
import { Field } from "../field";
import { ascii, language } from "../language";
import { Card } from "../parts";
import { accountWords } from "../words/accounts";
import { Once } from "./once";

export function Second({ on, ask }: { on: boolean; ask: () => Promise<void> }) {
  const w = accountWords[language.value];
  const offer = useSignal<Offer | null>(null);
  const codes = useSignal<string[]>([]);
  const prove = async (f: FormData) => {
    const body = { password: String(f.get("password")) };
    if (!on) offer.value = await post<Offer>("/api/account/second/begin", body);
    else { await post("/api/account/second/end", body); codes.value = []; await ask(); }
  };
  const confirm = async (f: FormData) => {
    codes.value = (await post<Recovery>("/api/account/second/confirm", { code: ascii(String(f.get("code"))).replace(/\s/g, "") })).codes;
    offer.value = null;
    await ask();
  };
  return (
    <Card id="account-second" title={w.steps} class="care">
      <p class="row-sub">{on ? w.stepsOn : w.stepsLead}</p>
      <div class="settings">
        {codes.value.length > 0 && <Once id="recovery" lead={w.recovery} lines={codes.value.map((c) => ["", c])} />}
        {offer.value
          ? (
            <Form key="confirm" id="second-confirm" fields={["code"]} save={confirm} label={w.confirm}>
              {(error) => (
                <>
                  <p>{w.scan}</p>
                  <svg class="qr" viewBox={`0 0 ${offer.value!.size} ${offer.value!.size}`} role="img" aria-label={w.qr} data-testid="second-qr" shapeRendering="crispEdges"><path d={offer.value!.path} /></svg>
                  <p>{w.key}: <code dir="ltr" data-testid="second-key">{offer.value!.secret}</code></p>
                  <div class="grid"><Field label={w.second} name="code" id="second-code" autocomplete="one-time-code" mode="numeric" ltr error={error} /></div>
                </>
              )}
            </Form>
          )
          : (
            <Form key={String(on)} id="second" fields={[]} save={prove} label={on ? w.end : w.begin}>
              {() => <div class="grid"><Field label={w.password} name="password" id="second-password" type="password" autocomplete="current-password" ltr /></div>}
            </Form>
          )}
      </div>
    </Card>
  );
}
