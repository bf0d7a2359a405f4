import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { reportLanguageSchema } from '../../../shared/inspect-types';
import { call } from '../../app/engine-client';
import { useSaveAs } from '../../app/use-save-as';
import { useInspectStore } from '../../stores/inspect-store';
import { useProjectStore } from '../../stores/project-store';

/** Writes the report of the run that is looked at, where a person says. */
export function useReport(): { readonly busy: Ref<boolean>; readonly write: () => Promise<void> } {
  const { t, locale } = useI18n();
  const inspect = useInspectStore();
  const project = useProjectStore();
  const { busy, saveAs } = useSaveAs();

  function write(): Promise<void> {
    const language = reportLanguageSchema.safeParse(locale.value).data ?? 'en';
    const name = project.current?.name ?? '';
    return saveAs({
      title: t('inspect.reportTitle'),
      fileName: t('inspect.reportName', { name }),
      extensions: ['html'],
      write: (out) => call('inspect.report', { runId: inspect.runId, language, out }),
      done: ({ file }) => t('inspect.reportDone', { file }),
    });
  }
  return { busy, write };
}
