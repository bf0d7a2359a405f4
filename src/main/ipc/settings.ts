import path from 'node:path';
import { shellMethods, type Response } from '../../shared/contract';
import { JsonFile } from './json-file';

/** What a person has set for the whole app. */
export type Settings = Response<'shell.settings'>;

/** The languages that Thaw speaks. */
export const languages = ['en', 'de', 'fr'] as const;
export type Language = (typeof languages)[number];

/** The first part of a locale where Thaw speaks it, else English. */
export function languageOf(locale: string): Language {
  const first = locale.toLowerCase().split(/[-_]/)[0];
  return languages.find((language) => language === first) ?? 'en';
}

/** Opens the settings in the profile folder; the system's theme and language (an empty string) until something is chosen. */
export function openSettings(profileFolder: string): JsonFile<Settings> {
  return new JsonFile<Settings>(path.join(profileFolder, 'settings.json'), shellMethods['shell.settings'].response, {
    theme: 'system',
    language: '',
  });
}
