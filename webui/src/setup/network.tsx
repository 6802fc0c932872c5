// Where the box is in the network: its own to say on an appliance, else its host's.
import { move, type StepProps, StepForm, useStep, words } from "./step";

export function NetworkStep({ view, took }: StepProps) {
  const w = words();
  const step = useStep();
  return (
    <StepForm step={step} fields={[]} save={async () => took(await move({ done: "network" }))} label={w.next}>
      <p data-testid="setup-network">{view.appliance ? <>{w.ownNetwork(location.hostname)} <a href="#/settings/appliance">{w.changeNetwork}</a></> : w.hostNetwork(location.hostname)}</p>
    </StepForm>
  );
}
