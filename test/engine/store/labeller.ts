import type { ProgressEvent } from '../../../src/shared/jobs';
import { ProjectStore } from '../../../src/engine/store/project-store';

/**
 * Run as a process of its own: opens the project named on the command line and labels its rows one after the other
 * until it is killed, saying each row only after the store has said that it is labelled. With a file named as well it
 * imports that instead.
 */
async function main(): Promise<void> {
  const store = await ProjectStore.open(process.argv[2] ?? '');
  const { rows } = store.counts();
  process.send?.({ opened: rows });
  const file = process.argv[3];
  if (file !== undefined) {
    const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
    const onProgress = (event: ProgressEvent): void =>
      void process.send?.({ read: event.type === 'count' && event.done === event.total });
    await store.importFile(file, {}, columns, 'data', { onProgress });
    process.send?.({ imported: true });
    return;
  }
  for (let step = 0; ; step++) {
    const row = step % rows;
    const label = step % 3 === 0 ? 'x' : 'y';
    await store.setLabels(row, [label]);
    process.send?.({ row, label });
  }
}

main().catch((error: unknown) => {
  process.send?.({ error: { code: (error as { code?: string }).code, message: String(error) } });
});
