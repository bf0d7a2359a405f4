/**
 * What the page may load: its own scripts, styles, fonts and images, and nothing else. Nothing may be fetched, framed
 * or sent, so that texts cannot leave the machine even if a script were smuggled into the page.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
