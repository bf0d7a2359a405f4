import { unescapeHtml } from '../text/html-unescape';

/** Names of tags that texts of web pages have; other words in angle brackets are more often a person's own. */
const NAMES =
  'a|abbr|b|blockquote|body|br|center|code|dd|div|dl|dt|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|meta|ol|p|pre|s|script|small|span|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul';
const TAG = new RegExp(`</?(?:${NAMES})(?:\\s[^<>]*)?/?>|<!--[\\s\\S]*?-->`, 'gi');
/** What is certainly a tag: one that closes, one that needs no end, one with an attribute. `<PRE>` can be a company. */
const CERTAIN = new RegExp(
  `</(?:${NAMES})\\s*>|<(?:br|hr|img)\\b[^<>]*>|<(?:${NAMES})\\s+[a-z-]+\\s*=[^<>]*>|<!--`,
  'i',
);
const BREAK = /<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]*>/gi;
const HIDDEN = /<(script|style)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi;
const ENTITY = /&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});/;

/** True where the text has HTML tags or character references such as `&amp;`. */
export function hasMarkup(text: string): boolean {
  return (text.includes('<') && CERTAIN.test(text)) || (text.includes('&') && ENTITY.test(text));
}

/**
 * The text without tags, with character references read; ends of paragraphs become line breaks. Tags that were written
 * as references (`&lt;b&gt;`) go as well.
 */
export function stripMarkup(text: string): string {
  const once = unescapeHtml(withoutTags(text));
  return (once.includes('<') ? withoutTags(once) : once)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n(?: ?\n)+ ?/g, '\n')
    .trim();
}

function withoutTags(text: string): string {
  if (!text.includes('<') || !CERTAIN.test(text)) return text;
  return text.replace(HIDDEN, ' ').replace(BREAK, '\n').replace(TAG, '');
}
