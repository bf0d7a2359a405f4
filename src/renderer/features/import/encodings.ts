/** The encodings that a file can be read in, by the scripts that they are for; names as iconv-lite and IANA have them. */
export const encodingGroups = [
  { id: 'unicode', names: ['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be', 'utf-7'] },
  {
    id: 'western',
    names: [
      ...['windows-1252', 'iso-8859-1', 'iso-8859-15', 'macintosh', 'us-ascii', 'ibm850', 'ibm858', 'ibm437'],
      ...[
        'ibm860',
        'ibm861',
        'ibm863',
        'ibm865',
        'iso-8859-3',
        'iso-8859-10',
        'iso-8859-14',
        'maciceland',
        'hp-roman8',
      ],
    ],
  },
  {
    id: 'central',
    names: ['windows-1250', 'iso-8859-2', 'iso-8859-16', 'ibm852', 'maccenteuro', 'maccroatian', 'macromania'],
  },
  { id: 'baltic', names: ['windows-1257', 'iso-8859-4', 'iso-8859-13', 'ibm775', 'ibm922'] },
  {
    id: 'cyrillic',
    names: [
      ...['windows-1251', 'koi8-r', 'koi8-u', 'koi8-ru', 'koi8-t', 'iso-8859-5', 'ibm866', 'ibm855', 'ibm1125'],
      ...['maccyrillic', 'macukraine', 'mik', 'pt154', 'rk1048'],
    ],
  },
  { id: 'greek', names: ['windows-1253', 'iso-8859-7', 'ibm737', 'ibm869', 'macgreek'] },
  { id: 'turkish', names: ['windows-1254', 'iso-8859-9', 'ibm857', 'macturkish'] },
  { id: 'hebrew', names: ['windows-1255', 'iso-8859-8', 'ibm862'] },
  { id: 'arabic', names: ['windows-1256', 'iso-8859-6', 'ibm864', 'cp720', 'ibm1046'] },
  { id: 'japanese', names: ['shift_jis', 'euc-jp'] },
  { id: 'chinese', names: ['gb18030', 'gbk', 'gb2312', 'big5', 'big5-hkscs'] },
  { id: 'korean', names: ['euc-kr', 'cp949'] },
  { id: 'thai', names: ['windows-874', 'tis-620', 'iso-8859-11', 'macthai', 'ibm1161', 'ibm1162'] },
  { id: 'vietnamese', names: ['windows-1258', 'tcvn', 'viscii', 'ibm1129', 'ibm1163'] },
  { id: 'other', names: ['armscii-8', 'georgian-academy', 'georgian-ps', 'ibm1133'] },
] as const;

/** All of them. */
export const encodingNames: readonly string[] = encodingGroups.flatMap(({ names }): readonly string[] => names);
