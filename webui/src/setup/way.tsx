// The first way outside: a trunk by the template of its provider, or analog lines.
import { useSignal } from "@preact/signals";
import type { Kind, SetupView, SetupWay } from "../api";
import { post } from "../client";
import { ascii, digits, language } from "../language";
import { Input } from "../things/input";
import { kindOf, told } from "../things/known";
import { read, type Tree, write } from "../things/tree";
import { move, Options, type StepProps, StepForm, Text, useStep, words, Wrongs } from "./step";

export function WayStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  const kind = useSignal(view.lines.length > 0 ? "lines" : "trunk");
  const provider = useSignal(view.providers[0]?.id ?? "");
  const values = useSignal<Tree>({});
  const prefix = useSignal("9");
  const ports = useSignal(view.lines.map((l) => l.port));
  const trunks = kindOf("trunks") as Kind;
  const chosen = view.providers.find((p) => p.id === provider.value);
  const save = async () => {
    if (kind.value === "none") return took(await move({ skip: "way" }));
    const body: SetupWay = kind.value === "lines" ? { kind: "lines", ports: ports.value, prefix: "" } : { kind: "trunk", provider: provider.value, values: values.value, prefix: ascii(prefix.value) };
    took(await post<SetupView>("/api/setup/way", body));
  };
  return (
    <StepForm step={step} fields={["values", "prefix", "ports"]} save={save}>
      {view.trunk && <p class="shown">{w.trunkThere(view.trunk)}</p>}
      <Options name="way" label={w.way} value={kind.value} set={(id) => (kind.value = id)} list={[
        { id: "trunk", label: w.ways.trunk!, hint: w.wayHints.trunk! },
        ...(view.lines.length > 0 ? [{ id: "lines", label: w.ways.lines!, hint: w.wayHints.lines! }] : []),
        { id: "none", label: w.ways.none!, hint: w.wayHints.none! },
      ]} />
      {kind.value === "trunk" && (
        <>
          <div class="field">
            <label for="way-provider">{w.provider}</label>
            <select id="way-provider" data-testid="way-provider" value={provider.value} onChange={(e) => (provider.value = e.currentTarget.value)} aria-describedby="way-provider-hint">
              {view.providers.map((p) => <option key={p.id} value={p.id}>{p.name[language.value]}</option>)}
            </select>
            <p class="hint" id="way-provider-hint">{chosen && told(chosen.help)}</p>
          </div>
          <div class="fields">
            {chosen?.ask.map((path) => {
              const field = { ...trunks.fields.find((f) => f.path === path)!, required: chosen.need.includes(path) };
              return <Input key={`${provider.value} ${path}`} field={field} value={read(values.value, path)} names={[]} wrong={step.at(`values.${path}`)} set={(v) => (values.value = write(values.value, path, v))} />;
            })}
            <Text id="way-prefix" label={w.prefix} hint={w.prefixHint} value={digits(prefix.value)} set={(v) => (prefix.value = v)} mode="tel" wrong={step.at("prefix")} />
          </div>
        </>
      )}
      {kind.value === "lines" && (
        <fieldset class="options" aria-invalid={step.at("ports").length > 0 || undefined}>
          <legend>{w.sockets}</legend>
          {view.lines.map((l) => (
            <label key={l.port} class="tick">
              <input type="checkbox" checked={ports.value.includes(l.port)} data-testid={`way-port-${l.port}`}
                onChange={(e) => (ports.value = view.lines.map((x) => x.port).filter((p) => (p === l.port ? e.currentTarget.checked : ports.value.includes(p))))} />
              <bdi dir="ltr">{l.port}</bdi> <span class="hint">{w.lineStates[l.state] ?? l.state}</span>
            </label>
          ))}
          <Wrongs id="way-ports" wrong={step.at("ports")} />
        </fieldset>
      )}
    </StepForm>
  );
}
