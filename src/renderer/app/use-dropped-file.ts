import { onBeforeUnmount, onMounted } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNoticesStore } from '../stores/notices-store';
import { pathOfFile } from './engine-client';
import { baseName } from './paths';

/**
 * Takes files that are dropped anywhere on the page, as long as the component is shown. One is looked at at a time: of
 * several the first is taken, and a notice says so.
 *
 * @param isWanted whether what is dropped is for this component
 */
export function useDroppedFile(take: (path: string) => void, isWanted: () => boolean = () => true): void {
  const { t } = useI18n();
  const notices = useNoticesStore();

  function onDrop(event: DragEvent): void {
    const files = event.dataTransfer?.files;
    const file = files?.[0];
    const path = file === undefined ? null : pathOfFile(file);
    if (path === null || !isWanted()) return;
    const others = (files?.length ?? 1) - 1;
    if (others > 0) notices.say(t('importMore.firstOnly', { file: baseName(path), n: others }, others));
    take(path);
  }

  onMounted(() => {
    window.addEventListener('drop', onDrop);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('drop', onDrop);
  });
}
