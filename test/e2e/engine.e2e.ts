import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { artifacts, fixture, test, type ThawApp } from './thaw-app';
import { importFile, newProject, openFile, startTraining, trainingJob, waitForSteps, waitForTraining } from './walk';

async function trainFilms(app: ThawApp, minutes = 1): Promise<void> {
  await newProject(app, 'Films');
  await openFile(app, fixture('e2e/subj-400.csv'));
  await importFile(app, 400);
  await startTraining(app, { preset: 'quick', minutes });
}

async function kill(app: ThawApp): Promise<number> {
  const pid = await app.enginePid();
  if (pid === null) throw new Error('There is no engine process.');
  process.kill(pid, 'SIGKILL');
  return pid;
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.describe('the engine process', () => {
  test('killed in the middle of training: the window says so, starts it again, and the run goes on from its checkpoint', async ({
    start,
  }) => {
    test.setTimeout(12 * 60_000);
    const app = await start();
    await trainFilms(app, 2);
    await waitForSteps(app, 120_000);
    const before = await trainingJob(app);
    const runId = before?.runId ?? '';
    const project = await app.call('project.current', {});
    const checkpoint = path.join(project?.path ?? '', 'runs', runId, 'language-model.safetensors');
    await expect.poll(() => existsSync(checkpoint), { timeout: 120_000 }).toBe(true);

    // Listening before the blow: the words are there for a second or two only.
    const foot = app.page.getByTestId('engine-foot');
    const said = app.page.waitForFunction(
      () =>
        /stopped and is starting again/.test(document.querySelector('[data-testid=engine-foot]')?.textContent ?? ''),
      undefined,
      { polling: 50, timeout: 30_000 },
    );
    const pid = await kill(app);
    await said;
    await app.page.screenshot({ path: path.join(artifacts, '17-engine-restarting.png') });
    await expect.poll(() => app.enginePid(), { timeout: 30_000 }).not.toBe(null);
    expect(await app.enginePid()).not.toBe(pid);
    await expect(foot).not.toContainText('stopped');

    const job = await waitForTraining(app, ['running', 'done'], 60_000);
    expect(job.runId, 'the same run goes on').toBe(runId);
    expect(job.id === before?.id && job.state === 'interrupted').toBe(false);
    await expect(app.page.getByTestId('train-state')).toBeVisible();
    await waitForTraining(app, ['done'], 8 * 60_000);

    const { events } = await app.call('runs.get', { runId });
    const again = events.findIndex((event) => event.type === 'note' && event.message.includes('checkpoint'));
    expect(again, 'the run says that it goes on').toBeGreaterThan(0);
    const begun = events.find((event) => event.type === 'step');
    const first = events.slice(again).find((event) => event.type === 'step');
    // A run that started over would take the first stage's first steps again.
    expect(
      begun?.type === 'step' && first?.type === 'step' && (first.stage !== begun.stage || first.step > 3),
      JSON.stringify({ begun, first }),
    ).toBe(true);
    const comparison = await app.call('inspect.comparison', {});
    expect(comparison?.model.n ?? 0).toBeGreaterThan(0);
  });

  test('killed while nothing runs: the project is open again and answers', async ({ start }) => {
    const app = await start();
    await newProject(app, 'Films');
    await openFile(app, fixture('e2e/subj-400.csv'));
    await importFile(app, 400);
    await kill(app);
    await expect
      .poll(async () => (await app.call('project.current', {}).catch(() => null))?.rows, { timeout: 30_000 })
      .toBe(400);
    await app.page.getByTestId('rail-label').click();
    await expect(app.page.getByTestId('label-count')).toHaveText('400');
  });
});

test('the app itself killed while training: the engine ends with it, and the run can go on at the next start', async ({
  start,
}) => {
  test.setTimeout(10 * 60_000);
  const app = await start();
  await trainFilms(app);
  await waitForSteps(app, 120_000);
  const runId = (await trainingJob(app))?.runId;
  const engine = await app.enginePid();
  app.process.kill('SIGKILL');
  await expect.poll(() => isAlive(engine), { timeout: 30_000 }).toBe(false);

  const again = await start();
  await again.page.getByTestId('rail-language-model').click();
  await again.page.getByTestId('train-resume').click();
  const job = await waitForTraining(again, ['running', 'done'], 60_000);
  expect(job.runId).toBe(runId);
});

test.describe('closing the window while a job runs', () => {
  test('asks; cancel keeps it open, stop and save ends it, and the run can go on at the next start', async ({
    start,
  }) => {
    test.setTimeout(10 * 60_000);
    const app = await start();
    await trainFilms(app);
    await waitForSteps(app, 120_000);
    const close = (): Promise<void> =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

    const asked = await app.answerBox(2);
    await close();
    await expect.poll(async () => (await asked()).length).toBe(1);
    expect((await asked())[0]?.buttons).toHaveLength(3);
    expect((await trainingJob(app))?.state).toBe('running');

    await app.answerBox(1);
    const ended = new Promise((resolve) => app.process.once('exit', resolve));
    await close();
    await ended;

    const again = await start();
    await again.page.getByTestId('rail-language-model').click();
    const resume = again.page.getByTestId('train-resume');
    await expect(resume).toBeVisible();
    const [run] = await again.call('runs.list', {});
    await resume.click();
    await waitForTraining(again, ['running', 'done'], 60_000);
    expect((await trainingJob(again))?.runId).toBe(run?.id);
  });

  test('goes on in the background without a window, and a second start shows it again', async ({ start }) => {
    test.setTimeout(10 * 60_000);
    const app = await start();
    await trainFilms(app);
    await waitForSteps(app, 120_000);
    await app.answerBox(0);
    const visible = (): Promise<boolean | undefined> =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(visible).toBe(false);
    expect((await trainingJob(app))?.state).toBe('running');
    await app.electron.evaluate(({ app: electronApp }) => electronApp.emit('second-instance'));
    await expect.poll(visible).toBe(true);
  });

  test('does not ask where nothing runs', async ({ start }) => {
    const app = await start();
    const asked = await app.answerBox(2);
    expect(await asked()).toEqual([]);
    const ended = new Promise((resolve) => app.process.once('exit', resolve));
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await ended;
  });
});
