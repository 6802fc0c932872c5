// The page of a kind of thing: its list, or the form of the one that the address names.
import type { Kind } from "../api";
import { Form } from "./form";
import { List } from "./list";

export function ThingPage({ kind, path }: { kind: Kind; path: string[] }) {
  const id = kind.single ? kind.id : path[0] ?? "";
  if (!kind.single && id === "") return <List key={kind.id} kind={kind} />;
  return <Form key={`${kind.id} ${id}`} kind={kind} id={id === "+" ? "" : id} />;
}
