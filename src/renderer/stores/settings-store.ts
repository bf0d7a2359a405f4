import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Response } from '../../shared/contract';
import { call } from '../app/engine-client';
import { languageFor, type Language } from '../app/i18n';
import type { KeyOverrides } from '../app/keys/key-actions';
import { useErrorsStore } from './errors-store';

/** What the person prefers: light, dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark';

/** Theme, language, and what the shell says of itself. */
export const useSettingsStore = defineStore('settings', () => {
  const errors = useErrorsStore();
  const theme = ref<Theme>('system');
  const language = ref<Language>(languageFor(navigator.language));
  const info = ref<Response<'shell.info'> | null>(null);
  const systemDark = ref(false);
  const keys = ref<KeyOverrides>({});

  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value));

  /** Reads what was chosen before, and follows the system's theme from here on. */
  async function load(): Promise<void> {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    systemDark.value = query.matches;
    query.addEventListener('change', (event) => {
      systemDark.value = event.matches;
    });
    await errors.guard(async () => {
      const [shell, settings] = await Promise.all([call('shell.info', {}), call('shell.settings', {})]);
      info.value = shell;
      theme.value = settings.theme;
      keys.value = settings.keys ?? {};
      language.value = languageFor(settings.language === '' ? shell.locale : settings.language);
    });
  }

  async function save(): Promise<void> {
    const chosen = Object.entries(keys.value).map(([action, chords]): [string, string[]] => [action, [...chords]]);
    const settings = { theme: theme.value, language: language.value, keys: Object.fromEntries(chosen) };
    await errors.guard(() => call('shell.saveSettings', settings));
  }

  async function setTheme(next: Theme): Promise<void> {
    theme.value = next;
    await save();
  }

  async function setLanguage(next: Language): Promise<void> {
    language.value = next;
    await save();
  }

  async function setKeys(next: KeyOverrides): Promise<void> {
    keys.value = next;
    await save();
  }

  return { theme, language, keys, dark, info, load, setTheme, setLanguage, setKeys };
});
