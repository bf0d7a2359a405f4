/** Whether a window can be shown: on Linux a display server has to be named, elsewhere there is always one. */
export function hasDisplay(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** Arguments of Electron for the app in `root`. Chromium refuses its sandbox to root on Linux; only then it is left out. */
export function windowArguments({ platform, asRoot, root, more }) {
  return [...(platform === 'linux' && asRoot ? ['--no-sandbox'] : []), root, ...more];
}
