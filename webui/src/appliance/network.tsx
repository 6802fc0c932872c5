// Where the box is in the network. A change is on trial until somebody keeps it.
import { useSignal } from "@preact/signals";
import type { Network, NetworkSettings } from "../api";
import { Choice, Form, text } from "../care/form";
import { post } from "../client";
import { Field, numbers } from "../field";
import { ascii, language } from "../language";
import { Card } from "../parts";
import { applianceWords } from "../words/appliance";
import { look } from "./state";

export function NetworkCard({ network }: { network: Network }) {
  const w = applianceWords[language.value];
  const { settings } = network;
  const how = useSignal(settings.address ? "fixed" : "dhcp");
  const moved = useSignal("");
  const save = async (form: FormData) => {
    const of = (name: string) => (how.value === "fixed" ? ascii(text(form, name)) : "");
    const body: NetworkSettings = { address: of("address"), gateway: of("gateway"), dns: of("dns").split(/[\s,،]+/).filter(Boolean), vlan: numbers(form, "vlan", w.vlanWrong)[0] ?? 0 };
    if (how.value === "fixed" && !body.address) body.address = "-"; // the box says what is wanted
    await post("/api/appliance/network", body);
    moved.value = body.address.split("/")[0] ?? "";
    void look().catch(() => undefined); // it may be elsewhere by now
  };
  return (
    <Card id="appliance-network" title={w.network} class="care thing">
      <p class="row-sub">{w.isAt} <bdi dir="ltr" data-testid="network-address">{network.address}</bdi> <bdi dir="ltr">{network.interface}</bdi> ({w.hows[network.how] ?? network.how})</p>
      <Form id="network" fields={["address", "gateway", "dns", "vlan"]} save={save} label={w.tryIt}>
        {(wrong) => (
          <>
            <div class="fields">
              <Choice id="network-how" label={w.how} name="how" value={how.value} words={w.ways} onChange={(v) => (how.value = v)} />
              {how.value === "fixed" && (
                <>
                  <Field id="network-fixed" label={w.address} hint={w.addressHint} name="address" value={settings.address} autocomplete="off" required={false} ltr error={wrong} />
                  <Field id="network-gateway" label={w.gateway} name="gateway" value={settings.gateway} autocomplete="off" required={false} ltr error={wrong} />
                  <Field id="network-dns" label={w.dns} hint={w.dnsHint} name="dns" value={settings.dns.join(", ")} autocomplete="off" required={false} ltr error={wrong} />
                </>
              )}
              <Field id="network-vlan" label={w.vlan} hint={w.vlanHint} name="vlan" value={settings.vlan ? String(settings.vlan) : ""} autocomplete="off" required={false} mode="numeric" ltr error={wrong} />
            </div>
            <p class="hint">{w.tryHint}</p>
          </>
        )}
      </Form>
      {moved.value && moved.value !== location.hostname && <p role="status" data-testid="network-elsewhere">{w.elsewhere} <a href={`https://${moved.value}/`} dir="ltr">{`https://${moved.value}/`}</a></p>}
    </Card>
  );
}
