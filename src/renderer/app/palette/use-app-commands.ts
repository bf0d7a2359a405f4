import { useI18n } from 'vue-i18n';
import { useCommands, useCommandsStore, type Command } from '../../stores/commands-store';
import { useKeysStore } from '../../stores/keys-store';
import { useLabellingStore } from '../../stores/labelling-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { useSettingsStore } from '../../stores/settings-store';
import { languages } from '../i18n';
import { useHistory, useStepWords } from '../step-words';
import { steps } from '../steps';

/** What the palette offers on every screen. */
export function useAppCommands(): void {
  const { t } = useI18n();
  const commands = useCommandsStore();
  const keys = useKeysStore();
  const labelling = useLabellingStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();
  const settings = useSettingsStore();
  const past = useHistory();
  const wordsOf = useStepWords();

  function history(): Command[] {
    const group = t('palette.groups.labels');
    const entries: Command[] = [];
    const undoWords = wordsOf(labelling.state?.undoStep);
    const redoWords = wordsOf(labelling.state?.redoStep);
    if (labelling.state?.canUndo === true)
      entries.push({
        id: 'undo',
        title: undoWords === '' ? t('label.undo') : t('palette.undo', { what: undoWords }),
        group,
        icon: 'undo',
        chord: keys.chord('undo'),
        run: () => void past.undo(),
      });
    if (labelling.state?.canRedo === true)
      entries.push({
        id: 'redo',
        title: redoWords === '' ? t('label.redo') : t('palette.redo', { what: redoWords }),
        group,
        icon: 'redo',
        chord: keys.chord('redo'),
        run: () => void past.redo(),
      });
    return entries;
  }

  function places(): Command[] {
    const group = t('palette.groups.go');
    const home: Command = {
      id: 'go-home',
      title: t('rail.home'),
      group,
      icon: 'home',
      run: () => navigation.go('home'),
    };
    const toSteps = steps.map((step, index): Command => ({
      id: `go-${step}`,
      title: t(`rail.steps.${step}`),
      group,
      icon: step,
      chord: `Ctrl+${String(index + 1)}`,
      run: () => navigation.go(step),
    }));
    return [...toSteps, home];
  }

  function appearance(): Command[] {
    const group = t('settings.title');
    return [
      ...(['light', 'dark', 'system'] as const).map((theme): Command => ({
        id: `theme-${theme}`,
        title: t('palette.theme', { theme: t(`settings.themes.${theme}`) }),
        group,
        icon: 'settings',
        run: () => void settings.setTheme(theme),
      })),
      ...languages.map(({ id, name }): Command => ({
        id: `language-${id}`,
        title: t('palette.language', { language: name }),
        group,
        icon: 'settings',
        run: () => void settings.setLanguage(id),
      })),
    ];
  }

  useCommands(() => {
    const open = project.current !== null;
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
    return [...(open ? history() : []), ...(open ? places() : []), help, ...appearance()];
  });
}
