/** The nonce this page was served with; styles and scripts made at run time carry it. Empty in the dev server. */
export function pageNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  // Browsers hide the attribute from scripts but keep the property.
  return meta?.nonce ?? '';
}
