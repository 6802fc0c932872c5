// A part of the page whose code comes when it is first shown.
import type { ComponentType } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language, t } from "../language";
import { shellWords } from "../words/shell";

/** Shows what load loads, handing it give. */
export function Later<P extends object>({ load, give }: { load: () => Promise<ComponentType<P>>; give: P }) {
  const view = useSignal<{ of: ComponentType<P> } | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    load().then((of) => (view.value = { of }), () => (failed.value = true));
  }, []);
  // A box with a new version has no code for the old page.
  if (failed.value) {
    return (
      <section class="card" role="alert">
        <p>{shellWords[language.value].updated}</p>
        <button class="quiet" onClick={() => location.reload()}>{shellWords[language.value].again}</button>
      </section>
    );
  }
  if (!view.value) return <p class="lead" aria-busy="true">{t.value.loading}</p>;
  const View = view.value.of;
  return <View {...give} />;
}
