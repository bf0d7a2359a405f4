/** What the system's menu asks of the window, by the names that the command palette has for it. */
export const menuCommands = [
  'project-new',
  'project-folder',
  'import-file',
  'go-export',
  'help',
  'documentation',
  'about',
] as const;
/** A command that stands in the menu too. */
export type MenuCommand = (typeof menuCommands)[number];
