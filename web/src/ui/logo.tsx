/** The product's mark. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <circle cx="16" cy="12.5" r="4.5" fill="#fff" />
      <path
        d="M7.5 25c1-5 4.400-7.500 8.500-7.500s7.500 2.500 8.500 7.500"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
