import { ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useErrorsStore } from '../stores/errors-store';
import { useNoticesStore } from '../stores/notices-store';
import { call } from './engine-client';

/** What is written where a person says, and how that is told. */
export interface SaveAs<R> {
  readonly title: string;
  /** What the dialog proposes. */
  readonly fileName: string;
  /** The endings that the file may have, without a dot; the first one is the usual one. */
  readonly extensions: readonly string[];
  readonly write: (out: string) => Promise<R>;
  readonly done: (result: R) => string;
}

/** Characters that some file system does not take in a name. */
const forbidden = /[\\/:*?"<>|\p{Cc}]+/gu;

/** A name that can be a file's on every system. */
export function safeFileName(name: string): string {
  const clean = name.replace(forbidden, ' ').replace(/\s+/g, ' ').trim().slice(0, 100);
  return clean === '' ? 'Thaw' : clean;
}

/** Asks with the system's dialog where to write, writes, and says where it is, with a way there. */
export function useSaveAs(): {
  readonly busy: Ref<boolean>;
  saveAs<R extends { file: string }>(what: SaveAs<R>): Promise<void>;
} {
  const { t } = useI18n();
  const errors = useErrorsStore();
  const notices = useNoticesStore();
  const busy = ref(false);

  async function saveAs<R extends { file: string }>({
    title,
    fileName,
    extensions,
    write,
    done,
  }: SaveAs<R>): Promise<void> {
    const proposed = `${safeFileName(fileName)}.${extensions[0] ?? 'txt'}`;
    const out = await errors.guard(() =>
      call('shell.chooseSave', { title, fileName: proposed, extensions: [...extensions] }),
    );
    if (out === null) return;
    busy.value = true;
    const written = await errors.guard(() => write(out), true);
    busy.value = false;
    if (written === null) return;
    const show = (): void => void errors.guard(() => call('shell.showInFolder', { path: written.file }));
    notices.say(done(written), { text: t('export.show'), run: show });
  }
  return { busy, saveAs };
}
