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
    lead: 'Textklassifikatoren beschriften, trainieren und prüfen, auf dem eigenen Rechner.',
    version: 'Version',
    electron: 'Electron',
    node: 'Node.js',
    system: 'System',
    private:
      'Thaw arbeitet ohne Netz. Die einzige Verbindung, die es je öffnet, ist der Download eines Sprachmodells, das Sie verlangen.',
    licence: 'Lizenz von Thaw',
    others: 'Lizenzen anderer',
  },
};
