/** Die Dokumentation im Fenster, und was Thaw über sich sagt. */
export const help = {
  docs: {
    title: 'Dokumentation',
    lead: 'Das Handbuch, das mit Thaw kam. Es liegt auf diesem Rechner und ist auf Englisch.',
    back: 'Alle Seiten',
    groups: { guide: 'Handbuch', formats: 'Dateiformate' },
  },
  about: {
    title: 'Über Thaw',
    lead: 'Texte labeln, Klassifikatoren trainieren und prüfen, auf dem eigenen Rechner.',
    version: 'Version',
    electron: 'Electron',
    node: 'Node.js',
    system: 'System',
    private:
      'Thaw arbeitet ohne Internet. Die einzige Verbindung, die es je öffnet, ist das Herunterladen eines Sprachmodells, das Sie verlangen.',
    licence: 'Lizenz von Thaw',
    others: 'Lizenzen anderer',
  },
};
