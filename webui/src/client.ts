// Requests to the box's interface.
import { language } from "./language";
import type { Problem } from "./api";

/** A refusal of the box, in words for people; `status` 0 means that it did not answer. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly field = "", readonly body: unknown = null) {
    super(message);
  }
}

async function send(method: string, path: string, body?: unknown, revision?: number): Promise<Response> {
  const init: RequestInit = { method, headers: { "Accept-Language": language.value, ...(revision === undefined ? {} : { "If-Match": String(revision) }) }, credentials: "same-origin" };
  if (method === "POST" || method === "PUT") {
    init.headers = { ...init.headers, "Content-Type": "application/json" };
    init.body = JSON.stringify(body ?? {});
  }
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new Refused(0, "unreachable", "");
  }
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  const e = problem?.error;
  throw new Refused(answer.status, e?.code ?? "unknown", e?.message ?? answer.statusText, e?.field, problem);
}

/** Sends a file as it is, and tells how much of it has gone. */
export const upload = (path: string, file: Blob, progress: (part: number) => void): Promise<void> =>
  new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open("POST", path);
    x.setRequestHeader("Accept-Language", language.value);
    x.setRequestHeader("Content-Type", "application/octet-stream");
    x.responseType = "json";
    x.upload.onprogress = (e) => progress(e.total ? e.loaded / e.total : 0);
    x.onerror = () => fail(new Refused(0, "unreachable", ""));
    x.onload = () => {
      const e = (x.response as Problem | null)?.error;
      if (x.status < 300) done();
      else fail(new Refused(x.status, e?.code ?? "unknown", e?.message ?? x.statusText, e?.field));
    };
    x.send(file);
  });

export const get = async <T>(path: string): Promise<T> => (await (await send("GET", path)).json()) as T;
export const post = async <T>(path: string, body?: unknown): Promise<T> => (await (await send("POST", path, body)).json()) as T;
export const bytes = async (path: string): Promise<ArrayBuffer> => (await send("GET", path)).arrayBuffer();
/** Changes something of a revision of the settings: refused (412) when somebody else has changed it since. */
export const change = async <T>(method: "POST" | "PUT" | "DELETE", path: string, revision: number, body?: unknown): Promise<T> =>
  (await (await send(method, path, body, revision)).json()) as T;
