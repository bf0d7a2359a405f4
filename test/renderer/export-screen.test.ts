// @vitest-environment happy-dom
import { enableAutoUnmount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import ExportScreen from '../../src/renderer/features/export/ExportScreen.vue';
import { useExportStore } from '../../src/renderer/stores/export-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { exportSnippets } from '../../src/shared/export-snippets';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(async () => {
  page = openPage('trained');
  await useProjectStore(page.pinia).loadCurrent();
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

async function open(): Promise<VueWrapper> {
  const screen = page.show(ExportScreen);
  await settle();
  return screen;
}

async function write(screen: VueWrapper, folder: string): Promise<void> {
  await screen.get('[data-testid="export-folder"]').setValue(folder);
  await screen.get('form').trigger('submit');
  await settle();
}

const code = (screen: VueWrapper): string[] =>
  screen
    .get('[data-testid="export-use"]')
    .findAll('pre')
    .map((block) => block.element.textContent ?? '');

describe('the export screen', () => {
  it('says before anything is written what it will be and how large', async () => {
    const screen = await open();
    const planned = screen.get('[data-testid="export-planned"]');
    expect(planned.attributes('open')).toBeDefined();
    expect(planned.get('summary').text()).toBe('10 files will be in the folder, about 98 MB in all');
    expect(planned.text()).toContain('model.onnx');
    expect(planned.text()).toContain('What the network has learned');
    await screen.get('[data-testid="export-onnx"]').setValue(false);
    expect(planned.get('summary').text()).toBe('6 files will be in the folder, about 49 MB in all');
    expect(screen.find('[data-testid="export-use"]').exists()).toBe(false);
    expect(screen.find('[data-testid="export-past"]').exists()).toBe(false);
  });

  it('shows every way of using what was written, each to be copied as it stands', async () => {
    const copied: string[] = [];
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: (text: string) => copied.push(text) } });
    const screen = await open();
    await write(screen, "/home/ada/Ada's model");
    expect(document.activeElement?.textContent).toContain('The model is written');
    const facts = useExportStore(page.pinia).result?.facts;
    if (facts === undefined) throw new Error('nothing was written');
    const snippets = exportSnippets("/home/ada/Ada's model", facts);
    expect(snippets).toHaveLength(6);
    for (const { kind, before, code: own, run } of snippets) {
      await screen.get(`[data-testid="export-way-${kind}"]`).trigger('click');
      await settle();
      expect(code(screen)).toEqual([before, own, run].filter((line) => line !== null));
    }
    const [copy] = screen.get('[data-testid="export-use"]').findAll('button[aria-label^="Copy"]');
    await copy?.trigger('click');
    await settle();
    expect(copied).toEqual(['npm install onnxruntime-node']);
    expect(screen.get('[data-testid="export-use"]').text()).toContain('less than 60% probable');
  });

  it('remembers what was exported before, which of it is there, and how each is used', async () => {
    const screen = await open();
    await write(screen, '/home/ada/first');
    await screen.get('[data-testid="export-onnx"]').setValue(false);
    await write(screen, '/home/ada/second');
    expect(code(screen)[0]).toContain('/home/ada/second');
    expect(screen.find('[data-testid="export-way-onnx"]').exists()).toBe(false);
    const past = () => screen.findAll('[data-testid="export-past-one"]');
    expect(past().map((one) => one.get('.path').text())).toEqual(['/home/ada/second', '/home/ada/first']);
    await past()[1]?.get('button[aria-label="How to use it: /home/ada/first"]').trigger('click');
    await settle();
    expect(code(screen)[0]).toContain('/home/ada/first');
    expect(document.activeElement?.textContent).toBe('How to use it');
    expect(screen.find('[data-testid="export-way-onnx"]').exists()).toBe(true);

    const answer = page.fake.handlers['export.past'];
    page.fake.handlers['export.past'] = async (request) =>
      (await answer(request)).map((one) => (one.folder.endsWith('first') ? { ...one, facts: null } : one));
    await useExportStore(page.pinia).load();
    await settle();
    expect(past()[1]?.text()).toContain('not there any more');
    expect(past()[1]?.findAll('button')).toHaveLength(0);
    expect(code(screen)[0]).toContain('/home/ada/second');
    expect(screen.get('[data-testid="export-planned"]').attributes('open')).toBeUndefined();
    expect(screen.get('form').text()).toContain('is replaced');
  });

  it('does not offer ONNX where the classifier cannot be written so', async () => {
    page.fake.handlers['export.contents'] = () => ({ files: [{ name: 'model.json', bytes: 10 }], onnx: null });
    const screen = await open();
    expect(screen.get('[data-testid="export-onnx"]').attributes('disabled')).toBeDefined();
    expect(screen.get('form').text()).toContain('both directions');
    await write(screen, '/home/ada/both');
    const asked = page.fake.calls.find(({ method }) => method === 'export.model');
    expect(asked?.request).toEqual({ folder: '/home/ada/both', onnx: false });
  });
});
