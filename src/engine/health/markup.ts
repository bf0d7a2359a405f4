import { unescapeHtml } from '../text/html-unescape';

const TAG = /<\/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?\/?>|<!--[\s\S]*?-->/g;
const BREAK = /<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]*>/gi;
const HIDDEN = /<(script|style)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi;
const ENTITY = /&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});/;
/** Tags that texts of web pages have; other words in angle brackets are more often a person's own. */
const KNOWN =
  /<\/?(?:a|abbr|b|blockquote|body|br|center|code|dd|div|dl|dt|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|meta|ol|p|pre|s|script|small|span|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul)\b[^<>]*>/i;

/** True where the text has HTML tags or character references such as `&amp;`. */
export function hasMarkup(text: string): boolean {
  return (text.includes('<') && KNOWN.test(text)) || (text.includes('&') && ENTITY.test(text));
}

/** The text without tags, with character references read; ends of paragraphs become line breaks. */
export function stripMarkup(text: string): string {
  const plain = text.includes('<')
    ? text
        .replace(HIDDEN, ' ')
        .replace(BREAK, '\n')
        .replace(TAG, (tag) => (KNOWN.test(tag) || tag.startsWith('<!--') ? '' : tag))
    : text;
  return unescapeHtml(plain)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n(?: ?\n)+ ?/g, '\n')
    .trim();
}
