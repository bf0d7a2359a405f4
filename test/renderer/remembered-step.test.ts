// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { rememberedStep, rememberStep } from '../../src/renderer/app/remembered-step';

describe('the step at which a project was left', () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it('is known at the next start, for that project only', () => {
    rememberStep('/projects/mails', 'label');
    expect(rememberedStep('/projects/mails')).toBe('label');
    expect(rememberedStep('/projects/films')).toBeNull();
  });

  it('is not the home screen', () => {
    rememberStep('/projects/mails', 'inspect');
    rememberStep('/projects/mails', 'home');
    expect(rememberedStep('/projects/mails')).toBe('inspect');
  });

  it('is forgotten where it cannot be read', () => {
    localStorage.setItem('thaw.step', '{"half');
    expect(rememberedStep('/projects/mails')).toBeNull();
    localStorage.setItem('thaw.step', '["/projects/mails", "no such step"]');
    expect(rememberedStep('/projects/mails')).toBeNull();
  });
});
