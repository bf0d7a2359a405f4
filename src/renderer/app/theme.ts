import { ref } from 'vue';

/** Goes up whenever the colours have changed, so that what draws on a canvas draws anew. */
export const themeVersion = ref(0);

/** Puts the theme on the page. */
export function applyTheme(dark: boolean): void {
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  themeVersion.value += 1;
}
