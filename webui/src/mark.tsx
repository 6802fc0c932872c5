// The head of every page: whose it is, and in which language.
import { language, speak, t } from "./language";

/** The mark: an eight-pointed star with a lamp in it. */
export const Mark = () => (
  <span class="mark">
    <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
      <g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">
        <rect x="7.5" y="7.5" width="17" height="17" />
        <rect x="7.5" y="7.5" width="17" height="17" transform="rotate(45 16 16)" />
      </g>
      <circle cx="16" cy="16" r="3.6" class="mark-lamp" />
    </svg>
    {t.value.product}
  </span>
);

/** Switches to the other language, named in that language. */
export function Tongue() {
  const other = language.value === "fa" ? "en" : "fa";
  return (
    <button class="quiet on-dark" lang={other} data-testid={`lang-${other}`} onClick={() => speak(other)}>
      {t.value.otherLanguage}
    </button>
  );
}
