/** The product's mark: three frames standing on one another. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M2 14h16v3H2z" fill="var(--ln-accent)" />
      <path d="M2 9.5h10v3H2z" fill="var(--ln-accent)" opacity=".75" />
      <path d="M14 9.5h4v3h-4z" fill="var(--ln-warn)" />
      <path d="M2 5h6v3H2z" fill="var(--ln-accent)" opacity=".5" />
    </svg>
  );
}
