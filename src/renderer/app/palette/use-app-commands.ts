import { useI18n } from 'vue-i18n';
import { useCommands, useCommandsStore, type Command, type CommandProvider } from '../../stores/commands-store';
import { useKeysStore } from '../../stores/keys-store';
import { useLabellingStore } from '../../stores/labelling-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { useSettingsStore } from '../../stores/settings-store';
import { languages } from '../i18n';
import { useHistory, useStepWords } from '../step-words';
import { steps } from '../steps';
import { useProjectCommands } from './use-project-commands';
import { useResultCommands } from './use-result-commands';
import { useTrainingCommands } from './use-training-commands';

/** What the palette offers on every screen. */
export function useAppCommands(): void {
  const { t } = useI18n();
  const commands = useCommandsStore();
  const keys = useKeysStore();
  const project = useProjectStore();
  const past = usePast();
  const places = usePlaces();
  const training = useTrainingCommands();
  const results = useResultCommands();
  const projects = useProjectCommands();
  const appearance = useAppearance();

  useCommands(() => {
    const inProject = project.current === null ? [] : [...past(), ...places(), ...training(), ...results()];
    const help: Command = {
      id: 'help',
      title: t('keys.title'),
      group: t('palette.groups.help'),
      icon: 'keyboard',
      chord: keys.chord('help'),
      run: () => {
        commands.help = true;
      },
    };
    return [...inProject, ...projects(), help, ...appearance()];
  });
}

/** Undo and redo, with what they would do in words. */
function usePast(): CommandProvider {
  const { t } = useI18n();
  const keys = useKeysStore();
  const labelling = useLabellingStore();
  const past = useHistory();
  const wordsOf = useStepWords();
  const titleOf = (name: 'undo' | 'redo', what: string): string =>
    what === '' ? t(`label.${name}`) : t(`palette.${name}`, { what });
  return () => {
    const group = t('palette.groups.labels');
    const { canUndo = false, canRedo = false, undoStep, redoStep } = labelling.state ?? {};
    const undo: Command = {
      id: 'undo',
      title: titleOf('undo', wordsOf(undoStep)),
      group,
      icon: 'undo',
      chord: keys.chord('undo'),
      run: () => void past.undo(),
    };
    const redo: Command = {
      id: 'redo',
      title: titleOf('redo', wordsOf(redoStep)),
      group,
      icon: 'redo',
      chord: keys.chord('redo'),
      run: () => void past.redo(),
    };
    return [...(canUndo ? [undo] : []), ...(canRedo ? [redo] : [])];
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
