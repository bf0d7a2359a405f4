import { createFakeBridge } from './fake-bridge';
import { scenes } from './fake-engine';

// Runs before the built page's own script, in place of the preload script.
const wanted = new URLSearchParams(location.search).get('scene');
const fake = createFakeBridge(scenes.find((scene) => scene === wanted) ?? 'first');
Object.assign(window, { thaw: fake.bridge, fake });
