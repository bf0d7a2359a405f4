// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import App from '../../src/renderer/app/App.vue';
import { startSession } from '../../src/renderer/app/session';
import HomeScreen from '../../src/renderer/features/home/HomeScreen.vue';
import ProjectActions from '../../src/renderer/features/home/ProjectActions.vue';
import SampleProjects from '../../src/renderer/features/home/SampleProjects.vue';
import { useImportStore } from '../../src/renderer/stores/import-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { AppError } from '../../src/shared/errors';
import type { Scene } from './harness/fake-engine';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  document.body.innerHTML = '';
  stubCanvas();
});
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

async function begin(scene: Scene): Promise<void> {
  page = openPage(scene);
  await startSession();
  await settle();
  useNavigationStore().go('home');
}

describe('a project that is at work', () => {
  it('is left for another one only after a yes, which says that the run can go on', async () => {
    await begin('training');
    const screen = page.show(HomeScreen);
    await settle();
    await screen.get('[data-testid="home-recent-1"]').trigger('click');
    await settle();
    const question = screen.get('[data-testid="leave-question"]');
    expect(question.text()).toContain('“Support mails” is at work: Training.');
    expect(question.text()).toContain('resume the run');
    expect(document.activeElement?.getAttribute('data-testid')).toBe('leave-no');
    await screen.get('[data-testid="leave-no"]').trigger('click');
    expect(screen.find('[data-testid="leave-question"]').exists()).toBe(false);
    expect(asked('project.open')).toEqual([]);

    await screen.get('[data-testid="home-recent-1"]').trigger('click');
    await screen.get('[data-testid="leave-yes"]').trigger('click');
    await settle();
    expect(asked('project.open')).toEqual([{ path: '/home/ada/Thaw/film-reviews' }]);
  });

  it('is gone on with, and renamed, without a question', async () => {
    await begin('training');
    const screen = page.show(HomeScreen);
    await settle();
    await screen.get('[data-testid="home-recent-0"]').trigger('click');
    await settle();
    expect(screen.find('[data-testid="leave-question"]').exists()).toBe(false);
    expect(asked('project.open')).toHaveLength(1);
  });

  it.each(['duplicate', 'trash'])('asks before a %s', async (what) => {
    await begin('training');
    const own = page.show(ProjectActions, { path: '/home/ada/Thaw/support-mails', name: 'Support mails' });
    await own.get(`[data-testid="project-${what}"]`).trigger('click');
    await settle();
    expect(asked(`project.${what}`)).toEqual([]);
    await own.get('[data-testid="leave-yes"]').trigger('click');
    await settle();
    expect(asked(`project.${what}`)).toHaveLength(1);
    const other = page.show(ProjectActions, { path: '/home/ada/Thaw/other', name: 'Other' });
    await other.get(`[data-testid="project-${what}"]`).trigger('click');
    await settle();
    expect(asked(`project.${what}`)).toHaveLength(2);
  });
});

describe('a sample', () => {
  it("is not taken for a person's own project of the same name", async () => {
    await begin('home');
    // Its rows would come in while the next test has begun.
    page.fake.handlers['import.run'] = () => ({ jobId: 'import-1' });
    const screen = page.show(SampleProjects, { wide: true });
    expect(screen.get('[data-testid="home-sample-film-reviews"]').text()).toContain('Film reviews');
    await screen.get('[data-testid="home-sample-film-reviews"]').trigger('click');
    await settle();
    expect(asked('project.create')).toEqual([
      { path: expect.stringMatching(/film-reviews-2$/) as string, name: 'Film reviews', sample: 'film-reviews' },
    ]);
  });

  it('is opened again where its project was made before, whatever that is called', async () => {
    await begin('home');
    const project = useProjectStore();
    project.recent = project.recent.map((one, i) => (i === 0 ? { ...one, sample: 'film-reviews' } : one));
    const screen = page.show(SampleProjects, { wide: true });
    await screen.get('[data-testid="home-sample-film-reviews"]').trigger('click');
    await settle();
    expect(screen.emitted('open')).toEqual([['/home/ada/Thaw/support-mails']]);
    expect(asked('project.create')).toEqual([]);
  });
});

describe('a file that is dropped', () => {
  function drop(...names: readonly string[]): void {
    const event = new Event('drop');
    const files = names.map((name) => new File(['x'], name));
    Object.defineProperty(event, 'dataTransfer', { value: { files } });
    window.dispatchEvent(event);
  }

  it('on the home screen makes a project named after it, and opens its preview', async () => {
    await begin('home');
    page.show(App);
    await settle();
    drop('Mails of May.csv', 'june.csv', 'july.csv');
    await settle();
    expect(asked('project.create')).toEqual([{ path: '/home/ada/Thaw/mails-of-may', name: 'Mails of May' }]);
    expect(useNavigationStore().view).toBe('import');
    expect(useImportStore()).toMatchObject({ path: '/home/ada/mails/Mails of May.csv' });
    expect(useImportStore().preview).not.toBeNull();
    expect(useNoticesStore().current?.text).toContain('2 more files were dropped');
  });

  it('makes no project where it cannot be read', async () => {
    await begin('home');
    page.fake.handlers['import.preview'] = () => {
      throw new AppError('file-format', 'No table.');
    };
    page.show(App);
    await settle();
    drop('picture.png');
    await settle();
    expect(asked('project.create')).toEqual([]);
  });

  it('on a step is for the open project', async () => {
    await begin('labelled');
    useNavigationStore().go('import');
    page.show(App);
    await settle();
    drop('june.csv');
    await settle();
    expect(asked('project.create')).toEqual([]);
    expect(useImportStore().path).toBe('/home/ada/mails/june.csv');
    expect(useNoticesStore().current).toBeNull();
  });
});

describe('the trash', () => {
  it('is looked for wherever projects are or were', async () => {
    await begin('home');
    expect(asked('project.trashed')[0]).toEqual({ folders: ['/home/ada/Thaw', '/media/usb-stick'] });
  });
});
