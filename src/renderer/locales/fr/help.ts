/** La documentation dans la fenêtre, et ce que Thaw dit de lui-même. */
export const help = {
  docs: {
    title: 'Documentation',
    lead: 'Le guide fourni avec Thaw. Il se trouve sur cette machine et il est en anglais.',
    back: 'Toutes les pages',
    groups: { guide: 'Guide', formats: 'Formats de fichiers' },
  },
  about: {
    title: 'À propos de Thaw',
    lead: 'Étiqueter, entraîner et vérifier des classifieurs de textes sur votre propre machine.',
    version: 'Version',
    electron: 'Electron',
    node: 'Node.js',
    system: 'Système',
    private:
      'Thaw fonctionne sans Internet. La seule connexion qu’il ouvre est le téléchargement d’un modèle de langue que vous demandez.',
    licence: 'Licence de Thaw',
    others: 'Licences de tiers',
  },
};
