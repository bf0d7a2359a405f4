/** The documentation inside the window, and what Thaw says of itself. */
export const help = {
  docs: {
    title: 'Documentation',
    lead: 'The guide that came with Thaw. It is on this machine.',
    back: 'All pages',
    groups: { guide: 'Guide', formats: 'File formats' },
  },
  about: {
    title: 'About Thaw',
    lead: 'Label, train and check text classifiers on your own machine.',
    version: 'Version',
    electron: 'Electron',
    node: 'Node.js',
    system: 'System',
    private:
      'Thaw works without a network. The only connection it ever opens is a download of a language model that you ask for.',
    licence: 'Licence of Thaw',
    others: 'Licences of others',
  },
};
