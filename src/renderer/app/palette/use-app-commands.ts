import { useI18n } from 'vue-i18n';
import { useCommands, useCommandsStore, type Command, type CommandProvider } from '../../stores/commands-store';
import { useKeysStore } from '../../stores/keys-store';
import { useModelsStore } from '../../stores/models-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { useSettingsStore } from '../../stores/settings-store';
import type { IconName } from '../../ui/icon-paths';
import { languages } from '../i18n';
import { useHistory, useHistoryTitles } from '../step-words';
import { steps } from '../steps';
import { useProjectCommands } from './use-project-commands';
import { useResultCommands } from './use-result-commands';
import { useTrainingCommands } from './use-training-commands';

/** What the palette offers on every screen. */
export function useAppCommands(): void {
  const project = useProjectStore();
  const panels = usePanels();
  const past = usePast();
  const places = usePlaces();
  const training = useTrainingCommands();
  const results = useResultCommands();
  const projects = useProjectCommands();
  const appearance = useAppearance();

  useCommands(() => {
    const inProject = project.current === null ? [] : [...past(), ...places(), ...training(), ...results()];
    return [...inProject, ...projects(), ...panels(), ...appearance()];
  });
}

/** Undo and redo of whatever was changed last, named. */
function usePast(): CommandProvider {
  const { t } = useI18n();
  const keys = useKeysStore();
  const past = useHistory();
  const titles = useHistoryTitles();
  return () => {
    const both = (['undo', 'redo'] as const).map((what): Command => ({
      id: what,
      title: titles.value[what],
      group: t('palette.groups.edit'),
      icon: what,
      chord: keys.chord(what),
      run: () => void past[what](),
    }));
    return both.filter(({ title }) => title !== '');
  };
}

/** The screens. */
function usePlaces(): CommandProvider {
  const { t } = useI18n();
  const navigation = useNavigationStore();
  return () => {
    const group = t('palette.groups.go');
    const toSteps = steps.map((step, index): Command => ({
      id: `go-${step}`,
      title: t(`rail.steps.${step}`),
      group,
      icon: step,
      chord: `Ctrl+${String(index + 1)}`,
      run: () => {
        navigation.go(step);
      },
    }));
    const home: Command = {
      id: 'go-home',
      title: t('rail.home'),
      group,
      icon: 'home',
      run: () => {
        navigation.go('home');
      },
    };
    return [...toSteps, home];
  };
}

/** Panels that any screen can show. */
function usePanels(): CommandProvider {
  const { t } = useI18n();
  const commands = useCommandsStore();
  const keys = useKeysStore();
  const models = useModelsStore();
  return () => {
    const panel = (id: string, title: string, icon: IconName, show: () => void): Command => {
      const chord = id === 'help' ? keys.chord('help') : null;
      return { id, title, group: t('palette.groups.help'), icon, chord, run: show };
    };
    return [
      panel('help', t('keys.title'), 'keyboard', () => (commands.help = true)),
      panel('documentation', t('docs.title'), 'info', () => (commands.documentation = true)),
      panel('engine', t('engine.title'), 'chip', () => (commands.engine = true)),
      panel('models', t('models.open'), 'language-model', models.show),
      panel('settings', t('settings.title'), 'settings', () => (commands.settings = true)),
      panel('about', t('about.title'), 'info', () => (commands.about = true)),
    ];
  };
}

/** Theme and language. */
function useAppearance(): CommandProvider {
  const { t } = useI18n();
  const settings = useSettingsStore();
  return () => {
    const group = t('settings.title');
    const themes = (['light', 'dark', 'system'] as const).map((theme): Command => ({
      id: `theme-${theme}`,
      title: t('palette.theme', { theme: t(`settings.themes.${theme}`) }),
      group,
      icon: 'settings',
      run: () => void settings.setTheme(theme),
    }));
    const spoken = languages.map(({ id, name }): Command => ({
      id: `language-${id}`,
      title: t('palette.language', { language: name }),
      group,
      icon: 'settings',
      run: () => void settings.setLanguage(id),
    }));
    return [...themes, ...spoken];
  };
}
