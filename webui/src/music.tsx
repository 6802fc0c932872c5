// Classes of hold music: what each plays, in which order, and who plays it.
import { useSignal } from "@preact/signals";
import type { MusicClass, MusicUse, SoundList } from "./api";
import { agentName, queueName } from "./calls";
import { post } from "./client";
import { Field, isAbout } from "./field";
import { aside, t } from "./language";
import { Fault, useAction } from "./parts";

const builtIn = ["calm", "santur"];
const usual: MusicClass = { name: "default", files: builtIn, order: "sequence", continuous: true };

interface Piece { id: string; name: string }

export function Classes({ all, changed }: { all: SoundList; changed: (l: SoundList) => void }) {
  const w = t.value;
  const own = all.music.some((m) => m.name === "default");
  const pieces: Piece[] = [...builtIn.map((id) => ({ id, name: w.ownPiece[id]! })), ...all.sounds.filter((s) => s.state === "ready" && !s.unit)];
  return (
    <>
      <h3>{w.musicClasses}</h3>
      {[...(own ? [] : [usual]), ...all.music].map((m) => (
        <Class key={m.name} it={m} pieces={pieces} uses={all.uses.filter((u) => u.class === m.name)} written={own || m.name !== "default"} changed={changed} />
      ))}
      <Add changed={changed} />
    </>
  );
}

function useWords(u: MusicUse): string {
  const name = u.kind === "queue" ? queueName(u.of) : u.kind === "extension" ? agentName(u.of) : u.of;
  return `${t.value.musicUser[u.kind] ?? u.kind} ${name && aside(name)}`.trim();
}

function Class({ it: m, pieces, uses, written, changed }: { it: MusicClass; pieces: Piece[]; uses: MusicUse[]; written: boolean; changed: (l: SoundList) => void }) {
  const { busy, error, run } = useAction();
  const w = t.value;
  const what = m.name === "default" ? w.musicDefault : m.name;
  const put = (change: Partial<MusicClass>) => void run(async () => changed(await post("/api/music", { ...m, ...change })));
  const earlier = (i: number) => put({ files: m.files.map((f, k) => (k === i - 1 ? m.files[i]! : k === i ? m.files[i - 1]! : f)) });
  const playing = m.files.map((f) => pieces.find((p) => p.id === f) ?? { id: f, name: f });
  const used = uses.length > 0 && m.name !== "default";
  return (
    <fieldset class="music" disabled={busy.value} data-testid="music" data-name={m.name}>
      <legend>{m.name === "default" ? what : <bdi>{what}</bdi>}</legend>
      <ol class="playing" aria-label={w.musicPlays(aside(what))}>
        {playing.map((p, i) => (
          <li key={p.id}>
            <label><input type="checkbox" checked data-testid="music-file" data-name={p.name} onChange={(e) => { e.currentTarget.checked = true; put({ files: m.files.filter((f) => f !== p.id) }); }} /> <bdi>{p.name}</bdi></label>
            {i > 0 && m.order !== "random" && <button type="button" class="quiet" onClick={() => earlier(i)} data-testid="music-earlier" aria-label={`${w.musicEarlier}: ${p.name}`}>{w.musicEarlier}</button>}
          </li>
        ))}
      </ol>
      {pieces.filter((p) => !m.files.includes(p.id)).map((p) => (
        <label key={p.id}><input type="checkbox" checked={false} data-testid="music-file" data-name={p.name} onChange={(e) => { e.currentTarget.checked = false; put({ files: [...m.files, p.id] }); }} /> <bdi>{p.name}</bdi></label>
      ))}
      <label><input type="checkbox" checked={m.order === "random"} onChange={() => put({ order: m.order === "random" ? "sequence" : "random" })} data-testid="music-random" /> {w.musicRandom}</label>
      <label><input type="checkbox" checked={m.continuous} onChange={() => put({ continuous: !m.continuous })} data-testid="music-continuous" /> {w.musicContinuous}</label>
      {used && <span class="hint" data-testid="music-used">{w.musicUsed(uses.map(useWords).join(w.comma))}</span>}
      {written && !used && (
        <button type="button" class="quiet" onClick={() => void run(async () => changed(await post(`/api/music/${encodeURIComponent(m.name)}/delete`)))} data-testid="music-delete" aria-label={`${w.soundDelete}: ${what}`}>{m.name === "default" ? w.musicOwnAgain : w.soundDelete}</button>
      )}
      <Fault error={error.value} id="music-fault" />
    </fieldset>
  );
}

/** A new class begins with the box's own pieces. */
function Add({ changed }: { changed: (l: SoundList) => void }) {
  const { busy, error, run } = useAction();
  const made = useSignal(0); // empties the field
  const w = t.value;
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget as HTMLFormElement).get("name")).trim();
    void run(async () => {
      changed(await post("/api/music", { ...usual, name }));
      made.value++;
    });
  };
  return (
    <form class="find" onSubmit={submit} key={made.value}>
      <Field label={w.musicNew} hint={w.musicNewHint} name="name" id="music-name" autocomplete="off" max={64} ltr error={error.value} />
      <button class="quiet" disabled={busy.value} data-testid="music-add">{w.musicAdd}</button>
      {!isAbout(error.value, "name") && <Fault error={error.value} id="music-add-fault" />}
    </form>
  );
}
