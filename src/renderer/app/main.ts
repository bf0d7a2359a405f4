import './zod-without-eval';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import { useErrorsStore } from '../stores/errors-store';
import { useSettingsStore } from '../stores/settings-store';
import App from './App.vue';
import { createTranslations } from './i18n';
import { startSession } from './session';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import { applyTheme } from './theme';

const app = createApp(App);
app.use(createPinia());
const settings = useSettingsStore();
const i18n = createTranslations(settings.language);
app.use(i18n);

app.config.errorHandler = (error) => {
  console.error(error);
  useErrorsStore().report(error);
};
window.addEventListener('unhandledrejection', (event) => {
  useErrorsStore().report(event.reason);
});
// A file dropped beside the drop zone must not replace the page.
for (const type of ['dragover', 'drop'] as const) {
  window.addEventListener(type, (event) => {
    event.preventDefault();
  });
}

watch(() => settings.dark, applyTheme, { immediate: true });
watch(
  () => settings.language,
  (language) => {
    i18n.global.locale.value = language;
    document.documentElement.lang = language;
  },
  { immediate: true },
);

app.mount('#app');
void startSession();
