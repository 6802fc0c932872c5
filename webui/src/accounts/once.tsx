// What is told once: codes and tokens of which the box keeps only hashes.
import { useSignal } from "@preact/signals";
import { language } from "../language";
import { accountWords } from "../words/accounts";

export function Once({ id, lead, lines }: { id: string; lead: string; lines: [string, string][] }) {
  const w = accountWords[language.value];
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(lines.map(([, text]) => text).join("\n"));
    copied.value = true;
  };
  return (
    <section class="card once" data-testid={id} role="status">
      <p>{lead}</p>
      {lines.map(([name, text]) => <p key={text}>{name && `${name}: `}<code dir="ltr" data-testid={`${id}-text`}>{text}</code></p>)}
      {navigator.clipboard && <button class="quiet" onClick={() => void copy()}>{copied.value ? w.copied : w.copy}</button>}
    </section>
  );
}
