import { useI18n } from 'vue-i18n';
import { keyActionNames, keyActions, type KeyAction } from '../../app/keys/key-actions';
import { useCommands, type Command } from '../../stores/commands-store';
import { useKeysStore } from '../../stores/keys-store';
import { useLabellingStore } from '../../stores/labelling-store';
import type { IconName } from '../../ui/icon-paths';
import { keyCap } from './label-keys';

/** What the palette can do on the labelling screen. */
export interface LabelCommandTargets {
  readonly run: (action: KeyAction) => void;
  readonly choose: (name: string) => void;
  readonly edit: (name: string) => void;
}

const icons: Partial<Record<KeyAction, IconName>> = {
  accept: 'check',
  skip: 'skip',
  flag: 'flag',
  note: 'edit',
  similar: 'inspect',
  search: 'inspect',
  add: 'plus',
  bulk: 'table',
  keep: 'check',
};

/** Offers what the labelling screen can do in the palette, and every label by its name. */
export function useLabelCommands({ run, choose, edit }: LabelCommandTargets): void {
  const { t } = useI18n();
  const keys = useKeysStore();
  const labelling = useLabellingStore();

  function screenActions(): Command[] {
    // Undo is offered everywhere.
    return keyActionNames
      .filter((name) => keyActions[name].group === 'label' && name !== 'back')
      .map((name) => ({
        id: `label-${name}`,
        title: t(`keys.actions.${name}`),
        group: t('rail.steps.label'),
        icon: icons[name] ?? 'label',
        chord: keys.chord(name),
        run: () => run(name),
      }));
  }

  function orders(): Command[] {
    return (['uncertain', 'diverse', 'random', 'doubted', 'filter', 'file'] as const).map((order) => ({
      id: `order-${order}`,
      title: t('palette.order', { order: t(`label.orders.${order}`) }),
      group: t('rail.steps.label'),
      icon: 'swap',
      run: () => void labelling.setOrder(order),
    }));
  }

  useCommands(() => {
    const group = t('label.labels');
    const take = labelling.labels.map(({ name }, index): Command => {
      const cap = keyCap(index);
      const chord = cap?.replace('Alt ', 'Alt+').replace('⇧', 'Shift+') ?? null;
      return { id: `take-${name}`, title: name, group, icon: 'label', chord, run: () => choose(name) };
    });
    const change = labelling.labels.map(({ name }): Command => ({
      id: `edit-${name}`,
      title: t('palette.editLabel', { label: name }),
      group,
      icon: 'edit',
      run: () => edit(name),
    }));
    return [...screenActions(), ...orders(), ...take, ...change];
  });
}
