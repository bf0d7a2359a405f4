import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia, type Pinia } from 'pinia';
import { nextTick, type Component } from 'vue';
import { createTranslations } from '../../src/renderer/app/i18n';
import '../../src/renderer/app/zod-without-eval';
import { createFakeBridge, type FakeBridge } from './harness/fake-bridge';
import type { Scene } from './harness/fake-engine';

/** A page with the fake engine behind it and fresh stores. */
export interface TestPage {
  readonly fake: FakeBridge;
  readonly pinia: Pinia;
  /** Mounts a component into the document, so that focus and keys work. */
  show(component: Component, props?: Record<string, unknown>): VueWrapper;
}

/** Starts a page in one of the harness's scenes. */
export function openPage(scene: Scene): TestPage {
  const fake = createFakeBridge(scene);
  Object.defineProperty(window, 'thaw', { value: fake.bridge, configurable: true });
  const pinia = createPinia();
  setActivePinia(pinia);
  return {
    fake,
    pinia,
    show: (component, props = {}) =>
      mount(component, { props, attachTo: document.body, global: { plugins: [pinia, createTranslations('en')] } }),
  };
}

/** Waits until everything that was asked for has been answered and drawn. */
export async function settle(rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.resolve();
    await nextTick();
    await new Promise((done) => setTimeout(done, 0));
  }
}

/** A canvas context that takes every call: happy-dom draws nothing, ECharts only needs somewhere to draw to. */
export function stubCanvas(): void {
  const context = new Proxy(
    { measureText: (text: string) => ({ width: 6 * text.length }) },
    {
      get: (target, name) => Reflect.get(target, name) ?? (() => ({ addColorStop: () => undefined })),
      set: () => true,
    },
  );
  HTMLCanvasElement.prototype.getContext = (() => context) as never;
  Object.defineProperties(HTMLElement.prototype, {
    clientWidth: { configurable: true, get: () => 640 },
    clientHeight: { configurable: true, get: () => 320 },
  });
}
